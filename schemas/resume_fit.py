"""How well a résumé fits a job. Copy this file and change it as you like. Needs a model, and the job as context.

docextract run resumes --schema resume_fit --context job.md --model zai/glm-5v-turbo
docextract collect out --to ranking.csv --sort score
{"name": "Ada Berg", "score": 72, "reasons": ["five years of the nine asked for"], "missing": ["French"],
 "requirements": [{"requirement": "Python", "met": "yes", "evidence": ["Python, 2015 to today"]}]}
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Evidence, Merge


class Requirement(BaseModel):
    """One thing that the job asks for, held against the résumé."""

    requirement: Annotated[
        str | None,
        Field(title="Requirement", description="What the job text in the context asks for, in its own words."),
        Evidence.inferred,
    ] = None
    importance: Annotated[
        Literal["must", "should"] | None,
        Field(title="Importance", description="must where the job text insists on it, else should."),
        Evidence.inferred,
    ] = None
    met: Annotated[
        Literal["yes", "partly", "no"] | None,
        Field(title="Met", description="Whether the résumé shows it. What it does not say is no."),
        Evidence.inferred,
    ] = None
    evidence: Annotated[
        list[str],
        Field(
            title="Evidence",
            description="The passages of the résumé that show it, word for word as printed; empty where met is no.",
        ),
        Aliases("Experience", "Skills", "Education"),
    ] = []
    reason: Annotated[
        str | None,
        Field(title="Reason", description="Why it is met or not, in one sentence."),
        Evidence.inferred,
    ] = None


class ResumeFit(BaseModel):
    """A résumé held against the job text in the context: every requirement with its evidence, and a score.

    Judge only what the résumé says. Name, age, gender, origin, family and photo never count.
    """

    model_config = ConfigDict(title="Resume fit", json_schema_extra={"x-auto": False})

    name: Annotated[
        str | None,
        Field(title="Name", description="The candidate's name as printed."),
        Aliases("Name"),
        Merge.first,
    ] = None
    requirements: Annotated[
        list[Requirement],
        Field(title="Requirements", description="Every requirement of the job text, in its order."),
        Merge.by_key("requirement"),
    ] = []
    met: Annotated[
        list[str],
        Field(title="Met", description="The requirements that are met, as named above."),
        Evidence.inferred,
        Merge.union,
    ] = []
    missing: Annotated[
        list[str],
        Field(title="Missing", description="The requirements that are not met, as named above."),
        Evidence.inferred,
        Merge.union,
    ] = []
    years_of_experience: Annotated[
        Decimal | None,
        Field(
            title="Years of experience",
            description="Years in work that the job asks for, from the dates printed.",
            ge=0,
        ),
        Evidence.inferred,
        Merge.first,
    ] = None
    score: Annotated[
        int | None,
        Field(
            title="Score",
            description="0 to 100: 100 where every requirement is met; a must that is missing keeps it under 50.",
            ge=0,
            le=100,
        ),
        Evidence.inferred,
        Merge.first,
    ] = None
    reasons: Annotated[
        list[str],
        Field(title="Reasons", description="What the score rests on, the weightiest first, one sentence each."),
        Evidence.inferred,
        Merge.union,
    ] = []
