"""Rows of the media review. All but `Derivation` only grow: PostgreSQL refuses to change or remove them."""

from enum import StrEnum

from piccolo.columns import JSONB, UUID, Boolean, DoublePrecision, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from evidence.tables import EvidenceItem
from tipline.accounts.tables import Officer
from tipline.intake.tables import HintKind, TipFile


class DerivationKind(StrEnum):
    """What is made of an original."""

    STILL = "still"
    CROP = "crop"
    CLIP = "clip"
    PREVIEW = "preview"


class DerivationState(StrEnum):
    """How far a derived item is; whether work on it failed for now stands on its `work` row."""

    ASKED = "asked"
    KEPT = "kept"
    REFUSED = "refused"


class CorrectionAct(StrEnum):
    """What an officer said of a reading; the raw reading stays as it is."""

    CORRECTED = "corrected"
    REJECTED = "rejected"
    RESTORED = "restored"


class Derivation(Table, tablename="derivation"):
    """派生申请: a still, crop, clip or preview that an officer asked for; one for each original and label."""

    id = UUID(primary_key=True, default=UUID4())
    tip_file = ForeignKey(TipFile, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=16, choices=DerivationKind)
    label = Varchar(length=80, help_text="The derived item's name under its original; spells the parameters.")
    parameters = JSONB(default="{}", help_text="Milliseconds and ten-thousandths of the picture; whole numbers only.")
    asked_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    badge_number = Varchar(
        length=20, help_text="Of who asked, as it was: the ledger names it, workers know no officer."
    )
    asked_at = Timestamptz()
    state = Varchar(length=16, choices=DerivationState, default=DerivationState.ASKED)
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=True, default=None)
    facts = JSONB(
        default="{}", help_text="What came out: the frame's own moment, size in pixels, first and last frame."
    )
    problem = Varchar(length=40, default="", help_text="Code of why it was refused, for example no_such_moment.")
    settled_at = Timestamptz(null=True, default=None)

    one_derivation_per_label = Unique([tip_file, label])


class Marker(Table, tablename="marker"):
    """标记: one moment of a file with an officer's note; the exact frame is kept as a derived item."""

    id = UUID(primary_key=True, default=UUID4())
    tip_file = ForeignKey(TipFile, on_delete=OnDelete.restrict, null=False)
    at_ms = Integer(help_text="From the first frame; 0 for a photo.")
    note = Varchar(length=400)
    still = ForeignKey(Derivation, on_delete=OnDelete.restrict, null=False)
    made_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    made_at = Timestamptz()


class HintCorrection(Table, tablename="hint_correction"):
    """人工更正: what an officer reads where the machine read `raw_value`; for every hint of the file that says so."""

    id = UUID(primary_key=True, default=UUID4())
    tip_file = ForeignKey(TipFile, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=16, choices=HintKind)
    raw_value = Varchar(length=80, help_text="As the machine read it.")
    reading = JSONB(
        default="{}", help_text="The surest hint of that reading as it stood: confidence, model, box, reading."
    )
    act = Varchar(length=16, choices=CorrectionAct)
    old_value = Varchar(length=80, default="", help_text="What stood before; empty when it stood rejected.")
    new_value = Varchar(length=80, default="", help_text="What stands from now on; empty when rejected.")
    reason = Varchar(length=200, default="")
    corrected_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    corrected_at = Timestamptz()


class ClockOffset(Table, tablename="clock_offset"):
    """校时: what a recorder's clock shows at one moment of a file, and what the time truly was. The newest stands."""

    id = UUID(primary_key=True, default=UUID4())
    tip_file = ForeignKey(TipFile, on_delete=OnDelete.restrict, null=False)
    at_ms = Integer(help_text="The moment of the file at which the clock was read; 0 for a photo.")
    shown_at = Timestamptz(help_text="What the burned-in or recorder's clock shows there.")
    true_at = Timestamptz(help_text="What the time was there.")
    offset_s = DoublePrecision(help_text="True time less shown time: add it to what the clock shows.")
    error_s = DoublePrecision(help_text="How far the offset may be off, either way.")
    covers_file_time = Boolean(default=False, help_text="The time written in the file comes from the same clock.")
    reason = Varchar(length=200, help_text="How the true time is known.")
    set_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    set_at = Timestamptz()


class FrameSeen(Table, tablename="frame_seen"):
    """已看画面: an officer has looked at a frame; each officer's own."""

    id = UUID(primary_key=True, default=UUID4())
    frame = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=False)
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    seen_at = Timestamptz()

    one_look_per_officer = Unique([frame, officer])
