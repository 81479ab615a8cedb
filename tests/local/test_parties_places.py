"""Where names and addresses stand that no heading marks: beside each other, at the foot, under a department."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from docextract.local.blocks import is_town
from docextract.local.engine import extract
from docextract.read.pdfpage import text_layer
from tests.local.conftest import INVOICE, Drawn, Lines, read_invoice


def test_a_line_with_a_day_is_nobodys_name(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*Alpenblick AG"), (50, 74, "Seestrasse 112"), (50, 88, "8002 Zürich")]
    page += [(340, 140, "Muster Maschinen AG"), (340, 154, "Industriestrasse 5"), (340, 168, "9000 St. Gallen")]
    page += [(50, 220, "Zürich, 5. Februar 2024"), (50, 240, "Rechnung Nr. 24-10"), (50, 254, "Leistung")]
    page += [(50, 268, "Zahlbar bis 6. März 2024 auf unser Konto")]
    assert read_invoice(drawn, page)["buyer"]["name"] == "Muster Maschinen AG"


def test_a_department_above_the_company_is_no_name(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*Web Studio Ltd"), (50, 74, "4 Mill Lane"), (50, 88, "Halifax HX3 5AX")]
    page += [(50, 140, "To:"), (50, 154, "The Finance Department"), (50, 168, "Spa Hotels Ltd")]
    page += [(50, 182, "21 Crescent Gardens"), (50, 196, "Harrogate HG1 2QX")]
    buyer = read_invoice(drawn, page)["buyer"]
    assert (buyer["name"], buyer["address"]) == ("Spa Hotels Ltd", "21 Crescent Gardens, Harrogate HG1 2QX")


def test_a_block_flush_right_beside_the_buyer_is_the_sellers(drawn: Drawn) -> None:
    page: Lines = [
        (50, 60, "To:"),
        (400, 60, "Web Studio Ltd"),
        (50, 74, "Spa Hotels Ltd"),
        (391, 74, "4 Dean Clough Mill"),
    ]
    page += [(50, 88, "21 Crescent Gardens"), (404, 88, "Halifax HX3 5AX")]
    page += [(50, 102, "Harrogate HG1 2QX"), (360, 102, "VAT Reg No: GB 123 4567 82")]
    page += [(50, 160, "Invoice number: A-1")]
    value = read_invoice(drawn, page)
    assert (value["seller"]["vat_id"], value["buyer"]["vat_id"]) == ("GB123456782", None)


def test_the_sellers_address_may_stand_apart_from_the_name(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*Van Dijk Meubelen B.V."), (420, 60, "Keizersgracht 221"), (420, 73, "1016 DV Amsterdam")]
    page += [(50, 160, "Aan:"), (50, 174, "Stichting Onderwijs"), (50, 188, "Parklaan 3"), (50, 202, "2012 KA Haarlem")]
    value = read_invoice(drawn, page)
    assert value["seller"]["address"] == "Keizersgracht 221, 1016 DV Amsterdam"
    assert value["buyer"]["name"] == "Stichting Onderwijs"


def test_small_print_at_the_foot_names_the_issuer_where_the_head_only_names_the_buyer(drawn: Drawn) -> None:
    page: Lines = [(400, 60, "MARTIN"), (400, 73, "4 rue des Ormes"), (400, 86, "38000 Grenoble")]
    page += [(50, 200, "Facture n° 2031147"), (50, 220, "Total TTC : 61,40 €"), (250, 780, "PRESSVITE")]
    page += [(60, 793, "Siège social : 9 rue du Moulin - 76600 LE HAVRE – Tél : 02 35 00 11 22")]
    value = read_invoice(drawn, page)
    assert value["seller"]["name"] == "PRESSVITE"
    assert value["seller"]["address"] == "9 rue du Moulin - 76600 LE HAVRE"
    assert value["buyer"]["name"] == "MARTIN"


def test_the_number_stands_below_the_documents_own_name_in_a_row_of_labels(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*Somebody B.V."), (50, 200, "Klant"), (150, 200, "Order"), (250, 200, "Factuur datum")]
    page += [(350, 200, "Factuur"), (450, 200, "Vervaldatum"), (50, 214, "SC0303"), (150, 214, "SC0444")]
    page += [(250, 214, "8-9-2022"), (350, 214, "VF1005"), (450, 214, "22-9-2022")]
    assert read_invoice(drawn, page)["number"] == "VF1005"


def test_a_town_may_have_its_postcode_behind_a_dash() -> None:
    assert is_town("Plot 8, MIDC Bhosari, Pune - 411026")
    assert not is_town("Invoice - 4110")


def test_the_sellers_address_may_stand_below_its_name_in_another_block(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*Nordljus Bygg AB"), (340, 140, "Föreningen Eken"), (340, 154, "Storgatan 11")]
    page += [(340, 168, "753 31 Uppsala"), (50, 400, "Nordljus Bygg AB"), (50, 413, "Kungsgatan 40")]
    page += [(50, 426, "753 21 Uppsala"), (300, 400, "Momsreg.nr SE556677889901")]
    value = read_invoice(drawn, page)
    assert value["seller"]["address"] == "Kungsgatan 40, 753 21 Uppsala"
    assert value["buyer"]["name"] == "Föreningen Eken"


def test_a_code_of_a_country_ends_an_address(drawn: Drawn) -> None:
    page: Lines = [
        (50, 60, "Sold by"),
        (50, 74, "Brightlamp Ltd"),
        (50, 88, "Dock Road"),
        (50, 102, "Tilbury RM18 7HB"),
    ]
    page += [(50, 116, "GB"), (50, 130, "VAT # GB123456782")]
    assert read_invoice(drawn, page)["seller"]["address"] == "Dock Road, Tilbury RM18 7HB, GB"


def test_a_larger_line_above_who_keeps_the_house_is_its_name() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for size, y, text in ((18, 60, "Gasthof Sonnblick"), (10, 76, "Familie Egger · Dorfplatz 3 · 5630 Bad Hofgastein")):
        canvas.setFont("Helvetica", size)
        canvas.drawCentredString(300, A4[1] - y, text)
    canvas.save()
    with pdfium.PdfDocument(out.getvalue()) as pdf:
        value, _ = extract(INVOICE, [text_layer(pdf, 0, 1)[0]])
    assert value["seller"]["name"] == "Gasthof Sonnblick"
    assert value["seller"]["address"] == "Dorfplatz 3, 5630 Bad Hofgastein"


def test_the_tax_number_below_an_address_is_that_partys(drawn: Drawn) -> None:
    page: Lines = [(50, 60, "*Padaria Central, Lda"), (50, 73, "Rua Augusta 120"), (50, 86, "1100-053 Lisboa")]
    page += [(50, 99, "NIF: 507123456"), (307, 125, "Hotel Miradouro S.A."), (307, 138, "Avenida da Liberdade 45")]
    page += [(307, 151, "1250-140 Lisboa"), (307, 164, "Contribuinte: 501234567")]
    value = read_invoice(drawn, page)
    assert (value["seller"]["vat_id"], value["buyer"]["vat_id"]) == ("507123456", "501234567")
