"""Which measures are alike before the law. Pure."""

from __future__ import annotations

from typing import Final

from tipline.cases.tables import OutcomeKind, OutcomeStage

# Criminal compulsory measures: none before the case is filed, none under the criminal age.
COMPULSORY: Final = frozenset(
    {
        OutcomeKind.CRIMINAL_DETENTION,
        OutcomeKind.ARREST,
        OutcomeKind.BAIL,
        OutcomeKind.RESIDENTIAL_SURVEILLANCE,
    }
)
CRIMINAL: Final = COMPULSORY | {OutcomeKind.TRANSFER_FOR_PROSECUTION}
CUSTODY: Final = frozenset({OutcomeKind.CRIMINAL_DETENTION, OutcomeKind.ARREST})
DETENTIONS: Final = (OutcomeKind.CRIMINAL_DETENTION, OutcomeKind.ADMINISTRATIVE_DETENTION)
PENALTIES: Final = frozenset(
    {
        OutcomeKind.ADMINISTRATIVE_DETENTION,
        OutcomeKind.FINE,
        OutcomeKind.LICENCE_SUSPENSION,
        OutcomeKind.LICENCE_REVOCATION,
        OutcomeKind.LIFETIME_BAN,
    }
)
LICENCE_FOR_GOOD: Final = frozenset({OutcomeKind.LICENCE_REVOCATION, OutcomeKind.LIFETIME_BAN})
# A measure that lasts: it stands from its execution until it is ended.
LASTING: Final = COMPULSORY | {OutcomeKind.ADMINISTRATIVE_DETENTION, OutcomeKind.LICENCE_SUSPENSION}
# A measure that stands in law: decided or carried out, and not over.
STANDING: Final = frozenset({OutcomeStage.APPROVED, OutcomeStage.EXECUTED})
# What was done to a person, over or not; a revoked measure counts as not done.
DONE: Final = (OutcomeStage.EXECUTED, OutcomeStage.ENDED)
