"""A resume or curriculum vitae. Copy this file and change it as you like."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases

Day = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""As exact as the page says: YYYY, YYYY-MM or YYYY-MM-DD."""


class Experience(BaseModel):
    """One position, paid or not."""

    company: Annotated[
        str | None,
        Field(title="Company", description="Employer as printed."),
        Aliases("Company", "Employer", "Organisation", "Firma", "Arbeitgeber", "Entreprise", "Empresa", "Azienda",
                "Werkgever"),
    ] = None  # fmt: skip
    position: Annotated[
        str | None,
        Field(title="Position", description="Job title as printed."),
        Aliases("Position", "Title", "Role", "Job title", "Stelle", "Poste", "Fonction", "Puesto", "Cargo",
                "Posizione", "Functie"),
    ] = None  # fmt: skip
    location: Annotated[
        str | None,
        Field(title="Location", description="Where, as printed."),
        Aliases("Location", "Place", "Ort", "Lieu", "Lugar", "Ubicación", "Luogo", "Plaats"),
    ] = None
    start_date: Annotated[
        Day | None,
        Field(title="Start", description="First day: YYYY, YYYY-MM or YYYY-MM-DD, as exact as printed."),
        Aliases("From", "Start", "Since", "Von", "Seit", "Depuis", "De", "Desde", "Dal", "Van"),
    ] = None
    end_date: Annotated[
        Day | None,
        Field(title="End", description="Last day, as exact as printed; null where it goes on ('present')."),
        Aliases("To", "Until", "End", "Bis", "À", "Jusqu'à", "Hasta", "Al", "Tot"),
    ] = None
    highlights: Annotated[
        list[str],
        Field(
            title="Highlights", description="The bullets or sentences under the position, each whole and as printed."
        ),
        Aliases("Highlights", "Responsibilities", "Achievements", "Aufgaben", "Missions", "Funciones", "Mansioni",
                "Taken"),
    ] = []  # fmt: skip


class Education(BaseModel):
    """One school, degree or course of study."""

    institution: Annotated[
        str | None,
        Field(title="Institution", description="School or university as printed."),
        Aliases("Institution", "University", "School", "Hochschule", "Universität", "Université", "École",
                "Universidad", "Università", "Universiteit"),
    ] = None  # fmt: skip
    area: Annotated[
        str | None,
        Field(title="Area", description="Subject of study as printed."),
        Aliases("Area", "Major", "Field of study", "Fach", "Studiengang", "Spécialité", "Domaine", "Especialidad",
                "Indirizzo", "Richting"),
    ] = None  # fmt: skip
    degree: Annotated[
        str | None,
        Field(title="Degree", description="Degree as printed."),
        Aliases("Degree", "Abschluss", "Diplôme", "Título", "Grado", "Titolo", "Laurea", "Diploma"),
    ] = None
    start_date: Annotated[
        Day | None,
        Field(title="Start", description="First day: YYYY, YYYY-MM or YYYY-MM-DD, as exact as printed."),
        Aliases("From", "Start", "Von", "De", "Desde", "Dal", "Van"),
    ] = None
    end_date: Annotated[
        Day | None,
        Field(title="End", description="Last day or graduation, as exact as printed."),
        Aliases("To", "Until", "Graduation", "Bis", "À", "Hasta", "Al", "Tot"),
    ] = None


class Project(BaseModel):
    """One project."""

    name: Annotated[
        str | None,
        Field(title="Name", description="Name as printed."),
        Aliases("Project", "Projekt", "Projet", "Proyecto", "Progetto"),
    ] = None
    description: Annotated[
        str | None,
        Field(title="Description", description="What it is, as printed."),
        Aliases("Description", "Summary", "Beschreibung", "Descripción", "Descrizione", "Omschrijving"),
    ] = None
    start_date: Annotated[
        Day | None,
        Field(title="Start", description="First day, as exact as printed."),
        Aliases("From", "Start", "Von", "De", "Desde", "Dal", "Van"),
    ] = None
    end_date: Annotated[
        Day | None,
        Field(title="End", description="Last day, as exact as printed."),
        Aliases("To", "Until", "Bis", "À", "Hasta", "Al", "Tot"),
    ] = None
    url: Annotated[
        str | None,
        Field(title="URL", description="Web address as printed."),
        Aliases("URL", "Link", "Website", "Lien", "Enlace"),
    ] = None
    highlights: Annotated[
        list[str],
        Field(title="Highlights", description="The bullets under the project, each whole and as printed."),
        Aliases("Highlights", "Ergebnisse", "Résultats", "Logros", "Risultati", "Resultaten"),
    ] = []


class Resume(BaseModel):
    """A resume: who someone is, how to reach them, what they did, learned and know."""

    model_config = ConfigDict(json_schema_extra={"x-reader": "sections"})

    name: Annotated[
        str | None,
        Field(title="Name", description="Full name as printed."),
        Aliases("Name", "Full name", "Vor- und Nachname", "Nom", "Nombre", "Nome", "Naam"),
    ] = None
    headline: Annotated[
        str | None,
        Field(title="Headline", description="The line under the name: profession or role."),
        Aliases("Headline", "Title", "Profession", "Berufsbezeichnung", "Titre", "Título", "Profesión", "Titolo",
                "Beroep"),
    ] = None  # fmt: skip
    email: Annotated[
        str | None,
        Field(title="E-mail", description="E-mail address."),
        Aliases("E-mail", "Email", "Mail", "Courriel", "Correo", "Posta elettronica"),
    ] = None
    phone: Annotated[
        str | None,
        Field(title="Phone", description="Phone number as printed."),
        Aliases("Phone", "Tel.", "Mobile", "Telefon", "Mobil", "Téléphone", "Teléfono", "Telefono", "Cellulare",
                "Telefoon"),
    ] = None  # fmt: skip
    location: Annotated[
        str | None,
        Field(title="Location", description="Where the person lives, as printed."),
        Aliases("Location", "Address", "Adresse", "Anschrift", "Wohnort", "Lieu", "Dirección", "Indirizzo",
                "Woonplaats"),
    ] = None  # fmt: skip
    urls: Annotated[
        list[str],
        Field(title="URLs", description="Web addresses and profiles as printed."),
        Aliases("Website", "Portfolio", "LinkedIn", "GitHub", "Webseite", "Site web", "Sitio web", "Sito web"),
    ] = []
    summary: Annotated[
        str | None,
        Field(title="Summary", description="The paragraph about the person, as printed."),
        Aliases("Summary", "Profile", "About me", "Objective", "Profil", "Über mich", "À propos", "Perfil",
                "Sobre mí", "Profilo", "Profiel"),
    ] = None  # fmt: skip
    experience: Annotated[
        list[Experience],
        Field(title="Experience", description="Every position in the order printed."),
        Aliases("Experience", "Work experience", "Employment", "Professional experience", "Berufserfahrung",
                "Beruflicher Werdegang", "Expérience", "Expérience professionnelle", "Experiencia",
                "Experiencia laboral", "Esperienza", "Esperienze lavorative", "Werkervaring"),
    ] = []  # fmt: skip
    education: Annotated[
        list[Education],
        Field(title="Education", description="Every school and degree in the order printed."),
        Aliases("Education", "Academic background", "Ausbildung", "Bildung", "Studium", "Formation", "Études",
                "Educación", "Formación", "Istruzione", "Formazione", "Opleiding"),
    ] = []  # fmt: skip
    skills: Annotated[
        list[str],
        Field(title="Skills", description="Every skill by itself, as printed."),
        Aliases("Skills", "Technical skills", "Competencies", "Kenntnisse", "Fähigkeiten", "Compétences",
                "Habilidades", "Competencias", "Competenze", "Vaardigheden"),
    ] = []  # fmt: skip
    languages: Annotated[
        list[str],
        Field(title="Languages", description="Every language spoken, with the level where printed."),
        Aliases("Languages", "Sprachen", "Sprachkenntnisse", "Langues", "Idiomas", "Lingue", "Talen"),
    ] = []
    certifications: Annotated[
        list[str],
        Field(title="Certifications", description="Every certificate and licence, as printed."),
        Aliases("Certifications", "Certificates", "Licenses", "Zertifikate", "Certificats", "Certificaciones",
                "Certificazioni", "Certificaten"),
    ] = []  # fmt: skip
    projects: Annotated[
        list[Project],
        Field(title="Projects", description="Every project in the order printed."),
        Aliases("Projects", "Projekte", "Projets", "Proyectos", "Progetti", "Projecten"),
    ] = []
