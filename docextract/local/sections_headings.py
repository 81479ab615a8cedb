"""Which lines of a page are section headings: known wordings first, then lines that look like them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from docextract.local.sections_lines import Segment
from docextract.types import Ruling

Section = Literal[
    "summary", "experience", "education", "skills", "languages", "certifications", "projects", "contact", "profiles",
    "other",
    "unnamed",
]  # fmt: skip

# English, German, French, Spanish, Dutch, Italian, Portuguese.
# Folded: lower case, no accents, words only. A phrase must be the whole heading.
_WORDINGS: dict[Section, str] = {
    "summary": "extracto|summary|about|about me|profile|personal profile|professional profile|career profile|objective|"
    "career objective|professional summary|executive summary|career summary|personal statement|introduction|"
    "personal summary|summary of qualifications|overview|bio|biography|highlights of qualifications|statement|"
    "profil|uber mich|kurzprofil|zusammenfassung|ziele|profil professionnel|a propos|a propos de moi|resume|"
    "objectif|objectif professionnel|perfil|perfil profesional|resumen|sobre mi|objetivo|extracto|"
    "resumen profesional|acerca de mi|who i am|personliches profil|"
    "profiel|persoonlijk profiel|over mij|samenvatting|profilo|profilo personale|chi sono|sommario|resumo|sobre mim|"
    "perfil profissional",
    "experience": "experience|work experience|professional experience|employment|employment history|work history|"
    "career history|work|career|professional background|relevant experience|industry experience|"
    "research experience|teaching experience|internships|internship|internship experience|positions held|"
    "experience professionnelle|experiences professionnelles|experiences|parcours professionnel|emplois|"
    "berufserfahrung|berufliche erfahrung|beruflicher werdegang|werdegang|praktische erfahrung|praktika|"
    "berufspraxis|tatigkeiten|experiencia|experiencia laboral|experiencia profesional|historial laboral|"
    "trayectoria profesional|additional experience|other experience|academic experience|job experience|"
    "professional history|appointments|academic appointments|stages|practicas|work experiences|jobs|"
    "werkervaring|ervaring|loopbaan|relevante werkervaring|esperienza|esperienze|esperienza lavorativa|"
    "esperienze lavorative|esperienza professionale|esperienze professionali|experiencia profissional",
    "education": "schul und berufsbildung|education et formation|education and formation|"
    "education|academic background|academic qualifications|educational background|qualifications|"
    "education and training|training and education|academic history|studies|academics|degrees|ausbildung|bildung|"
    "studium|schulbildung|bildungsweg|akademischer werdegang|schulische ausbildung|hochschulbildung|formation|"
    "formations|etudes|diplomes|parcours academique|scolarite|formation academique|formation et diplomes|"
    "educacion|formacion|formacion academica|estudios|educacion y formacion|academic training|academic education|"
    "ausbildung und studium|allgemeine und berufliche bildung|education history|"
    "opleiding|opleidingen|opleiding en training|istruzione|istruzione e formazione|formazione|studi|formacao|"
    "formacao academica|educacao|habilitacoes literarias",
    "skills": "digitale kompetenzen|digitale fahigkeiten|competences numeriques|competenze digitali|"
    "digitale vaardigheden|top skills|"
    "aptitudes principales|principales competences|competenze principali|"
    "kenntnisse und fahigkeiten|top kenntnisse|skills|technical skills|key skills|core skills|"
    "core competencies|competencies|expertise|"
    "technologies|tech stack|tools|skills and expertise|areas of expertise|technical expertise|skill set|"
    "technical proficiencies|proficiencies|abilities|professional skills|computer skills|digital skills|soft skills|"
    "hard skills|personal skills|skills and tools|skills and technologies|tools and technologies|it skills|"
    "programming skills|technical summary|technical competencies|strengths|capabilities|skills summary|"
    "kenntnisse|fahigkeiten|kompetenzen|fachkenntnisse|edv kenntnisse|it kenntnisse|technische kenntnisse|"
    "kenntnisse und fahigkeiten|fahigkeiten und kenntnisse|competences|competences techniques|"
    "competences informatiques|informatique|savoir faire|habilidades|competencias|aptitudes|conocimientos|"
    "conocimientos tecnicos|competencias digitales|habilidades tecnicas|technical knowledge|"
    "vaardigheden|competenties|kennis|computervaardigheden|competenze|competenze tecniche|capacita|conoscenze|"
    "competencias tecnicas",
    "languages": "sprachkompetenzen|competenze linguistiche|"
    "languages|language skills|spoken languages|foreign languages|language proficiency|sprachen|"
    "sprachkenntnisse|fremdsprachen|langues|langues etrangeres|competences linguistiques|idiomas|lenguas|"
    "competencias linguisticas|language competences|mother tongue and other languages|"
    "talen|talenkennis|lingue|lingue straniere|conoscenze linguistiche",
    "certifications": "certifications|certification|certificates|licenses and certifications|"
    "certifications and licenses|licenses|professional certifications|certificates and licenses|credentials|"
    "certifications and training|training and certifications|zertifikate|zertifizierungen|weiterbildung|"
    "weiterbildungen|zertifikate und weiterbildungen|certificats|certificaciones|certificados|courses|training|"
    "professional development|trainings|kurse|cursos|licences|cursos y certificaciones|licences and certifications|"
    "certificaten|cursussen|certificeringen|certificazioni|corsi|certificacoes",
    "projects": "projects|personal projects|selected projects|side projects|key projects|academic projects|"
    "open source|open source projects|notable projects|project experience|projects experience|projekte|projets|"
    "projets personnels|proyectos|portfolio|proyectos personales|research projects|relevant projects|project work|"
    "projecten|progetti|projetos",
    "contact": "contact|contact information|contact details|contact me|get in touch|personal details|"
    "personal information|personal data|details|kontakt|kontaktdaten|personliche daten|personliche angaben|"
    "coordonnees|informations personnelles|contacto|datos personales|informacion de contacto|informacion personal|"
    "zur person|etat civil|address|personal info|"
    "contactgegevens|persoonlijke gegevens|persoonsgegevens|contatti|dati personali|contatto|contato|dados pessoais",
    "profiles": "profiles|links|social|social media|online|websites|online profiles|web|social networks|profils|"
    "find me online|redes sociales|enlaces|social profiles|websites and social links",
    "other": "publications|selected publications|awards|honors|honours|awards and honors|honors and awards|"
    "achievements|accomplishments|patents|interests|hobbies|hobbies and interests|interests and hobbies|references|"
    "referees|volunteer|volunteering|volunteer work|volunteer experience|volunteering experience|community service|"
    "activities|extracurricular activities|extra curricular activities|extracurriculars|leadership|memberships|"
    "affiliations|professional affiliations|conferences|talks|presentations|invited talks|speaking|selected honors|"
    "scholarships|grants|recommendations|testimonials|additional information|miscellaneous|other|background|"
    "veroffentlichungen|publikationen|auszeichnungen|interessen|hobbys|referenzen|ehrenamt|mitgliedschaften|"
    "engagement|sonstiges|loisirs|centres d interet|prix|distinctions|benevolat|references professionnelles|"
    "publicaciones|premios|intereses|aficiones|referencias|voluntariado|leadership and activities|"
    "awards and achievements|military service|driving licence|fuhrerschein|research interests|research|teaching|"
    "teaching|service|professional service|press|media|coursework|relevant coursework|divers|otros|otros datos|"
    "organisational skills|communication skills|organizations|memberships and affiliations|honors and scholarships|"
    "fellowships|vortrage|stipendien|ehrenamtliches engagement|honours and awards|conferences and seminars|"
    "networks and memberships|interets|logros|articles|blog|events|"
    "hobby s|interesses|vrijwilligerswerk|referenties|nevenactiviteiten|publicaties|interessi|pubblicazioni|"
    "volontariato|referenze|publicacoes|premios",
}  # fmt: skip

_FILLER = re.compile(r"^(?:my|the|mes|mis|meine|selected|relevant|key|other|additional|recent) ")


@dataclass(frozen=True, slots=True, eq=False)
class Heading:
    """A heading on a page: its segment and the section it opens."""

    segment: Segment
    section: Section


def fold(text: str) -> str:
    """Lower case, no accents, words parted by one space, `&` as `and`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    lower = "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("œ", "oe")
    lower = re.sub(r"\s*[&/+]\s*| (?:und|et|y) ", " and ", lower)
    return " ".join(re.findall(r"[a-z0-9]+", lower))


@cache
def _lexicon() -> dict[str, Section]:
    return {phrase.replace(" ", ""): section for section, text in _WORDINGS.items() for phrase in _phrases(text)}


def _phrases(text: str) -> list[str]:
    return [fold(phrase) for phrase in text.split("|")]


def known(text: str) -> Section | None:
    """The section that a heading of this wording opens; blanks are ignored, for letter-spaced print."""
    if len(text) > 60 or re.search(r"[,;@]|\.$", text) or text[:1].islower():
        return None
    folded = fold(text)
    lexicon = _lexicon()
    found = lexicon.get(folded.replace(" ", "")) or lexicon.get(_FILLER.sub("", folded).replace(" ", ""))
    if found is None and " and " in folded:
        # "Skills and Interests", "Education and Certifications": what comes first decides.
        found = lexicon.get(folded.split(" and ")[0].replace(" ", ""))
    return found


def headings(segments: Sequence[Segment], ruled: Mapping[int, int], *, scanned: bool = False) -> list[Heading]:
    """The section headings among the segments of a document.

    `ruled` has the side of those (by id) that have a drawn line close by.

    Known wordings count only in the style (size, weight, capitals) that most of them share, so that a
    skill named "Languages" or a label "Summary" inside an entry is not one. Lines of the same style with
    unknown wording end the section before them, where that style is not also the body's.
    """
    words = [Heading(item, section) for item in segments if (section := known(item.traced.text)) is not None]
    if not words:
        return []
    chosen = _lead(words)
    styled = _firm([item for item in words if _alike(item.segment, chosen, scanned=scanned)])
    body = Counter(round(item.size) for item in segments for _ in item.tokens).most_common(1)[0][0]
    styled += [] if scanned else _beside([item for item in words if item not in styled], styled, body)
    found = {id(item.segment) for item in styled}
    distinct = chosen.size > body * 1.12 or _capitals(chosen) or id(chosen) in ruled
    # Sizes read from pixels are too rough to know a heading by its look alone.
    if distinct and not scanned:
        edges = {round(item.segment.x0 / 4) for item in styled}
        middles = {round((item.segment.x0 + item.segment.x1) / 12) for item in styled} if len(styled) > 2 else set()
        # What stands above every known heading is the name or the contact line, however large.
        first = min(_place(item.segment) for item in styled) if styled else (0, 0.0)
        for item in segments:
            if _place(item) < first:
                continue
            placed = round(item.x0 / 4) in edges or round((item.x0 + item.x1) / 12) in middles
            if id(item) in found or not placed or not _alike(item, chosen, strict=True):
                continue
            if ruled.get(id(item)) != ruled.get(id(chosen)) or any(_under(item, one.segment) for one in styled):
                continue
            if len(item.tokens) <= 5 and not re.search(r"[\d@.:,]", item.traced.text):
                styled.append(Heading(item, "unnamed"))
    return styled


def _beside(others: Sequence[Heading], styled: Sequence[Heading], body: float) -> list[Heading]:
    """The headings of another column, which may be set in a style of their own: two or more, bold or large."""
    if not others or not styled:
        return []
    lead = _lead(others)
    alike = [item for item in others if _alike(item.segment, lead, strict=True)]
    firm = {item.section for item in alike if fold(item.segment.traced.text).replace(" ", "") not in _WEAK}
    marked = lead.bold or _capitals(lead) or lead.size > 1.2 * body
    if len(firm) < 2 or not marked:
        return []
    left, right = min(item.segment.x0 for item in styled), max(item.segment.x1 for item in styled)
    apart = all(item.segment.x1 < left for item in alike) or all(item.segment.x0 > right for item in alike)
    return alike if apart else []


def _under(item: Segment, heading: Segment) -> bool:
    """Whether a segment is the second line of a heading."""
    close = 0 < item.middle - heading.middle < 1.6 * heading.size and _place(item)[0] == _place(heading)[0]
    return close and abs(item.x0 - heading.x0) < 2


# Wordings that are as often a label inside a section as a heading of their own.
_WEAK = frozenset(
    [
        "tools",
        "technologies",
        "languages",
        "techstack",
        "service",
        "research",
        "teaching",
        "work",
        "career",
        "strengths",
        "stages",
        "training",
        "courses",
        "background",
        "opensource",
        "web",
        "online",
        "social",
        "bio",
        "overview",
        "details",
        "press",
        "media",
        "talks",
        "divers",
        "other",
        "events",
        "blog",
    ]
)


def _firm(words: Sequence[Heading]) -> list[Heading]:
    """Without weak wordings where another heading opens the same section, or stands right above."""
    kept: list[Heading] = []
    for item in words:
        weak = fold(item.segment.traced.text).replace(" ", "") in _WEAK
        twin = any(other is not item and other.section == item.section for other in words)
        if not (weak and twin and item.section != "other"):
            kept.append(item)
    return kept


def _place(segment: Segment) -> tuple[int, float]:
    """Page and height, for what comes first."""
    return segment.tokens[0].page, segment.y0


def _lead(words: Sequence[Heading]) -> Segment:
    """The heading whose style most others share; where it is even, the larger."""

    def weight(item: Heading) -> tuple[int, float]:
        kinds = {other.section for other in words if _alike(other.segment, item.segment, strict=True)}
        return len(kinds), item.segment.size

    return max(words, key=weight).segment


def _capitals(segment: Segment) -> bool:
    letters = "".join(token.word.text for token in segment.tokens)
    return letters.isupper()


def _alike(item: Segment, model: Segment, *, strict: bool = False, scanned: bool = False) -> bool:
    # In pixels a word is as tall as its letters: `Skills` has none that goes below the line.
    low, high = (0.95, 1.06) if strict else (0.8 if scanned else 0.88, 1.25)
    if not low <= item.size / (model.size or 1.0) <= high:
        return False
    if _capitals(model) and not _capitals(item):
        return False
    if _capitals(item) and not _capitals(model) and strict:
        return False
    return item.bold == model.bold or (item.size >= model.size and not strict)


def ruled_side(segment: Segment, rulings: Sequence[Ruling]) -> int:
    """Where a horizontal line is drawn close to it: 1 below or beside, -1 above, 0 nowhere."""
    side = 0
    for line in rulings:
        if line.y0 != line.y1 or line.x1 - line.x0 < 40:
            continue
        near = segment.y0 - 0.4 * segment.size <= line.y0 <= segment.y1 + 0.6 * segment.size
        # A line beside it starts where it ends; one that ends left of it belongs to another column.
        if near and line.x0 < segment.x1 + 3 * segment.size and line.x1 > segment.x0 + 0.5 * segment.size:
            side = 1 if line.y0 > segment.middle - 0.2 * segment.size else side or -1
    return side
