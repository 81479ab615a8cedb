"""Words that tell a position from a company, a school from a degree, a place from either."""

from __future__ import annotations

import re

from docextract.local.sections_headings import fold

_ROLES = frozenset(
    """engineer developer programmer manager director designer analyst consultant architect scientist researcher intern
    internship administrator specialist coordinator assistant associate lead leader head officer president chief
    founder cofounder owner partner technician teacher lecturer professor instructor tutor nurse doctor physician
    accountant auditor lawyer attorney editor writer author journalist representative supervisor operator clerk
    cashier driver chef cook waiter waitress bartender server receptionist secretary trainer coach advisor adviser
    strategist planner producer artist illustrator photographer animator buyer merchandiser recruiter agent broker
    trader banker cto ceo cfo coo cio vp svp evp freelancer freelance volunteer fellow trainee apprentice student
    postdoc postdoctoral maintainer contributor mentor tester qa sre devops executive counselor therapist pharmacist
    electrician mechanic welder foreman inspector librarian curator translator interpreter guard steward captain pilot
    werkstudent werkstudentin praktikant praktikantin entwickler entwicklerin softwareentwickler
    softwareentwicklerin ingenieur ingenieurin leiter leiterin teamleiter berater beraterin mitarbeiter mitarbeiterin
    geschaftsfuhrer projektleiter projektmanager kaufmann kauffrau buchhalter assistent assistentin referent
    sachbearbeiter lehrer fachkraft auszubildender wissenschaftlicher ingenieure developpeur developpeuse chef
    directeur directrice responsable charge chargee stagiaire assistante consultante analyste technicien enseignant
    professeur comptable vendeur vendeuse gestionnaire alternant desarrollador desarrolladora ingeniero ingeniera
    gerente jefe jefa directora analista consultor consultora tecnico tecnica profesor profesora becario becaria
    architecte avocat avocate infirmier infirmiere redacteur redactrice graphiste
    medecin chercheur chercheuse concepteur programmeur conseiller conseillere animateur formateur formatrice serveur
    cuisinier chauffeur secretaire apprenti administrateur coordinateur coordinatrice acheteur auditeur juriste
    bauingenieur architektin arzt krankenpfleger pfleger verkaufer verkauferin techniker mechaniker elektriker koch
    redakteur forscher doktorand anwalt steuerberater einkaufer gestalter trainee vorstand meister geselle hilfskraft
    bauleiter abteilungsleiter vertriebsleiter arquitecto arquitecta enfermero enfermera medico programador
    programadora investigador redactor periodista camarero cocinero secretaria vendedor operario supervisor
    administrativo asistente encargado responsable coordinador coordinadora contable abogado disenador
    projectleider werkvoorbereider uitvoerder monteur chauffeur magazijnmedewerker medewerker
    ontwikkelaar leraar lerares verpleegkundige boekhouder adviseur verkoper sviluppatore sviluppatrice
    ingegnere impiegato impiegata consulente direttore direttrice commesso commessa ragioniere infermiere infermiera
    erzieher notar schreiner tischler maler friseur florist bilanzbuchhalter desarrollador dependiente dependienta
    responsabile addetto addetta progettista operaio operaia magazziniere contabile segretaria docente insegnante
    stagista tirocinante capocantiere geometra programmatore ayudante auxiliar oficial comercial encargada stagiair
    docent ontwerper hoofd utvikler ingenior leder konsulent radgiver larer sykepleier prosjektleder utvecklare
    ingenjor projektledare konsult larare sjukskoterska saljare udvikler laerer sygeplejerske projektleder medarbejder
    programista inzynier kierownik specjalista analityk nauczyciel sprzedawca asystent dyrektor konsultant engenheiro
    engenheira gestor gestora desenvolvedor desenvolvedora estagiario coordenador coordenadora diretor diretora
    undergraduate graduate reviewer organizer organiser controller treasurer member""".split()  # noqa: SIM905 - easier to read so
)
_COMPOUNDS = (
    "kaufmann", "kauffrau", "kaufleute", "leiter", "entwickler", "ingenieur", "berater", "techniker", "meister",
    "mechaniker", "buchhalter", "verkaufer", "pfleger", "lehrer", "mitarbeiter", "fachkraft", "assistent", "referent",
    "beauftragter", "beauftragte", "bearbeiter", "medewerker", "ontwikkelaar", "ingegnere",
)  # fmt: skip
_SCHOOLS = re.compile(
    r"\b(?:university|college|school|institute of technology|institut|institute|academy|polytechnic|faculty|"
    r"universit\w+|\w{3,}(?:skole|skolen|skola|skolan|schule|gymnasium)|videregaende|hochschule|fachhochschule|gymnasium|realschule|berufsschule|akademie|ecole|lycee|faculte|"
    r"universidad|instituto|escuela|colegio|politecnico|politecnica|facultad|conservatory|seminary|bootcamp|mit|eth|"
    r"epfl|ucla|tu|lmu|iut|iit|academia|schule|lyceum|univ)\b"
)
_COMPANIES = re.compile(
    r"\b(?:inc|llc|ltd|limited|gmbh|ag|kg|se|sa|sas|sarl|sl|bv|nv|plc|corp|corporation|company|co|group|holdings?|"
    r"partners|labs?|laborator(?:y|ies)|studios?|solutions|technologies|systems|software|consulting|bank|hospital|"
    r"foundation|institute|university|college|agency|ministry|department|services|networks?|media|research|"
    r"international|global|ventures|capital|industries|motors|airlines|hotels?|restaurant|cafe|clinic|center|centre|"
    r"association|society|council|school|museum|library|gruppe|verlag|universitat|stadt|klinikum|cie|societe|"
    r"banque|grupo|empresa|banco|startup|llp)\b"
)
_DEGREE = (
    r"(?:ph\.?\s?d\.?|d\.?phil\.?|m\.?d\.?|j\.?d\.?|ed\.?d\.?|dr\.(?:\s?[a-z]{2,4}\.)*|doctor(?:ate|al degree)?|"
    r"doktor|promotion|b\.?\s?sc\.?|m\.?\s?sc\.?|b\.?\s?eng\.?|m\.?\s?eng\.?|b\.?\s?tech\.?|m\.?\s?tech\.?|b\.?\s?com\.?|m\.?\s?phil\.?|"
    r"b\.?b\.?a\.?|m\.?b\.?a\.?|b\.?f\.?a\.?|m\.?f\.?a\.?|ll\.?[bm]\.?|b\.?s\.?|m\.?s\.?|b\.?a\.?|"
    r"m\.?a\.?|a\.a\.?s?\.?|a\.s\.|bca|mca|bachelor(?:['’]?s)?(?:\s+degree)?|master(?:['’]?s)?(?:\s+degree)?|associate(?:['’]?s)?\s+degree|"
    r"associate of|diploma|minor|major|certificate|ged|high school diploma|"
    r"high school(?! of\b)|postgraduate(?:\s+\w+)?|honou?rs|"
    r"diplom(?:-\w+)?|magister|staatsexamen|abitur|ausbildung|lehre|licence|licenciatura|licenciado|maitrise|"
    r"mast[eè]re?|m[aá]ster|dut|bts|hbo|mbo|vwo|havo|"
    r"laurea(?: (?:triennale|magistrale))?|diploma di laurea|mestrado|bacharelado|"
    r"baccalaur[eé]at|bac|doctorat|doctorado|grado|bachillerato|t[ií]tulo|"
    r"ing[eé]nieur|ingenier[ií]a|diplome|dipl\.(?:-?\w+\.?)?)"
)
DEGREE = re.compile(rf"(?<![\w]){_DEGREE}(?![\w])", re.IGNORECASE)
_DEGREE_OF = re.compile(
    rf"^(?P<degree>{_DEGREE}(?![\w])(?:\s*\([A-Z][\w.]*\))?"
    r"(?:\s+(?:of|en|de|der)\s+(?:science|sciences|arts?|fine arts|engineering|technology|"
    r"business administration|education|laws?|commerce|philosophy|medicine|architecture|music|applied sciences?|"
    r"public health|public administration|social work|nursing|design)\b(?:\s*\([A-Z][\w. ]*\))?)?)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:degree\b)?\s*(?:[,:–—-]|\b(?:in|of|en|of science in|im fach|fach|zur|zum|als)\b)?\s*", re.IGNORECASE
)
_STATES = frozenset(
    """alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
    indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
    nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming
    ontario quebec alberta bayern hessen""".split()  # noqa: SIM905 - as above
) | frozenset(("new york", "new jersey", "north carolina", "south carolina", "new mexico", "british columbia"))
_COUNTRIES = frozenset(
    """usa us uk germany deutschland france england scotland ireland spain espana italy italia portugal netherlands
    belgium belgique switzerland schweiz suisse austria osterreich poland czechia sweden norway denmark finland iceland
    greece turkey turkiye russia ukraine india china japan singapore australia canada mexico brazil brasil argentina
    chile colombia peru israel egypt nigeria kenya pakistan bangladesh indonesia malaysia thailand vietnam philippines
    taiwan hungary romania bulgaria croatia serbia slovenia slovakia estonia latvia lithuania luxembourg malta cyprus
    morocco tunisia ghana uae qatar""".split()  # noqa: SIM905 - as above
) | frozenset(
    ("united states", "united states of america", "united kingdom", "south africa", "south korea", "new zealand",
     "hong kong", "saudi arabia", "united arab emirates", "czech republic", "costa rica", "sri lanka",
     "the netherlands")
)  # fmt: skip
_REMOTE = re.compile(
    r"^(?:remote|hybrid|on-?site|worldwide|home office|t[ée]l[ée]travail|remoto)\b[\s\w(),-]{0,30}$", re.IGNORECASE
)
_PLACE = re.compile(
    r"^[^\W\d_][\w.'’ -]{1,40}(?:, ?[^\W\d_][\w.'’ -]{1,30}){1,3}"
    r"(?:,? \(?[A-Z]{0,2}-?\d{4,6}(?:-\d{4})?\)?)?(?: \([A-Z]{2}\))?$"
)


def role_score(text: str) -> int:
    """How many words of a text name what a person does."""
    return sum(_is_role(word) for word in fold(text).split())


def _is_role(word: str) -> bool:
    """A word of the list, its German feminine (`Buchhalterin`), or a compound of one (`Industriekauffrau`)."""
    bare = word.removesuffix("in")
    return word in _ROLES or bare in _ROLES or (len(word) > 10 and bare.endswith(_COMPOUNDS))


def company_score(text: str) -> int:
    """How many words of a text are found in names of organisations."""
    return len(_COMPANIES.findall(fold(text)))


def is_school(text: str) -> bool:
    """Whether a text names a school, university or the like."""
    return bool(_SCHOOLS.search(fold(text)))


def place_score(text: str) -> int:
    """2: certainly a place (known region or country, remote); 1: has the form of one; 0: no."""
    if _REMOTE.match(text):
        return 2
    folded = fold(text)
    if folded in _COUNTRIES:
        return 2
    if len(text) > 60 or not _PLACE.match(text) or is_school(text):
        return 0
    last = re.sub(r"[\d()]+", " ", text.rsplit(",", 1)[1])
    if fold(last) in _COUNTRIES or fold(last) in _STATES or re.fullmatch(r"\s*[A-Z]{2}\s*", last):
        return 2
    plain = role_score(text) == 0 and company_score(text) == 0
    titled = all(word[:1].isupper() for word in re.findall(r"[^\W\d_]{4,}", text))
    return int(plain and titled and text.count(",") == 1)


def degree_and_area(text: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Spans of the degree and of its area in "Bachelor of Science in Physics"; an empty span where missing."""
    found = _DEGREE_OF.match(text)
    if found is None:
        return None
    rest = _BETWEEN.match(text, found.end())
    start = rest.end() if rest else found.end()
    return (found.start("degree"), found.end("degree")), (start, len(text))


_LANGUAGES = frozenset(
    """english german french spanish italian portuguese dutch russian chinese mandarin cantonese japanese korean arabic
    hindi urdu bengali turkish polish swedish norwegian danish finnish czech slovak hungarian romanian bulgarian greek
    hebrew ukrainian vietnamese thai indonesian malay tamil telugu persian farsi catalan basque galician latin croatian
    serbian igbo yoruba swahili hausa afrikaans irish welsh filipino tagalog albanian estonian latvian lithuanian
    englisch deutsch franzosisch spanisch italienisch portugiesisch russisch chinesisch japanisch arabisch turkisch
    polnisch niederlandisch anglais allemand francais espagnol italien portugais russe chinois japonais arabe
    neerlandais ingles aleman frances espanol italiano portugues ruso chino japones arabe
    nederlands engels duits frans spaans italiaans inglese tedesco francese spagnolo portoghese russo cinese""".split()  # noqa: SIM905 - as above
)


def is_language(text: str) -> bool:
    """Whether a text begins with the name of a language that people speak."""
    words = fold(text).split()
    return bool(words) and words[0] in _LANGUAGES
