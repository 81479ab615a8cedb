from __future__ import annotations

import pytest

from docextract.read.quality import judge
from docextract.types import Word

SOUND = {
    "german": "Rechnung über die Lieferung von zwölf Stühlen an die Firma Müller und Söhne in Köln am Rhein",
    "arabic": "فاتورة رقم ١٢٣ من شركة النور للتجارة والتوريد في مدينة القاهرة بتاريخ اليوم الأول من الشهر",
    "hebrew": "חשבונית מספר מאה ועשרים מחברת האור בעיר תל אביב מיום ראשון של החודש השלישי בשנה זו",
    "chinese": "本合同由甲方和乙方于二零二四年三月在北京签订双方同意按照以下条款执行有关货物的交付和付款",
    "japanese": "請求書番号は二千二十四年三月一日に発行されましたお支払いは三十日以内にお願いいたします",
    "greek": "Τιμολόγιο παροχής υπηρεσιών προς την εταιρεία Αθηνά για τον μήνα Μάρτιο του έτους",
    "codes": "AB-4711-XY QX/2234/99 https://example.org/a/b?c=d max@example.org 0049-221-4711 DE89370400440532013000",
    "czech": "Smlouva o dodávce zboží uzavřená mezi společnostmi Čtvrtek a Vltava dne prvního března tohoto roku",
}


def page(text: str) -> list[Word]:
    return [Word(part, 10.0 * place, 10, 10.0 * place + 9, 20, 10) for place, part in enumerate(text.split())]


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_every_script_is_sound(text: str) -> None:
    verdict = judge(page(text), 0, 0.0)
    assert (verdict.use, verdict.quality, verdict.reason) == ("text", 1.0, None)


@pytest.mark.parametrize(
    "text",
    [
        "(cid:12)(cid:7)(cid:33) (cid:12)(cid:3) invoice (cid:77)",
        "\ue012\ue044\ue032 \ue012\ue033 invoice \ue044\ue011",
        "Wklv lv wkh vkliwhg whaw rqh jhwv zkhq d irqw kdv qr pds dqg hyhub frgh lv pryhg eb wkuhh xsrq wkh sdjh" * 4,
    ],
    ids=["cid", "private use", "shifted codes"],
)
def test_garbled_layers_are_known(text: str) -> None:
    verdict = judge(page(text), 0, 0.0)
    assert verdict.use == "ocr"
    assert verdict.reason == "text layer garbled"
    assert verdict.quality < 0.96


def test_unmapped_characters_count() -> None:
    words = page("twelve chairs of oak delivered to the warehouse")
    assert judge(words, 1, 0.0).use == "text"
    assert judge(words, 20, 0.0).use == "ocr"


def test_no_words_need_ocr_only_where_there_is_ink() -> None:
    assert judge([], 0, 0.0, has_ink=True).use == "ocr"
    assert judge([], 0, 0.0, has_ink=False).use == "text"


def test_an_image_with_few_words_is_read_too_and_one_with_many_is_not() -> None:
    assert judge(page("Scanned by a machine"), 0, 0.95).use == "both"
    assert judge(page(SOUND["german"] * 4), 0, 0.95).use == "text"
