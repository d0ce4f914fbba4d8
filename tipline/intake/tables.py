"""Rows of intake: receipts, tips, their files and what the machine saw in them."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    UUID,
    Boolean,
    Bytea,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    Real,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from evidence.tables import EvidenceItem
from tipline.accounts.tables import Officer


class Datum(StrEnum):
    """Reference of a coordinate pair; a mix-up moves a point by 500 to 1,300 m at Gaotang."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class TipChannel(StrEnum):
    """How a tip reached us."""

    WEB = "web"
    API = "api"
    PHONE = "phone"
    DESK = "desk"
    HOTLINE_12345 = "hotline_12345"
    WECHAT = "wechat"


class TipState(StrEnum):
    """Where a tip stands in the investigators' hands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DUPLICATE = "duplicate"


class DeclineReason(StrEnum):
    """Why a tip was not taken into work."""

    NOT_ABOUT_A_HIT_AND_RUN = "not_about_a_hit_and_run"
    TOO_LITTLE_TO_WORK_WITH = "too_little_to_work_with"
    DUPLICATE = "duplicate"
    OTHER = "other"


class VehicleType(StrEnum):
    """车型 as a witness can tell it."""

    UNCLEAR = "unclear"
    CAR = "car"
    SUV = "suv"
    VAN = "van"
    LIGHT_TRUCK = "light_truck"
    HEAVY_TRUCK = "heavy_truck"
    BUS = "bus"
    MOTORCYCLE = "motorcycle"
    TRICYCLE = "tricycle"
    ELECTRIC_BIKE = "electric_bike"
    OTHER = "other"


class VehicleColour(StrEnum):
    """车身颜色 as a witness can tell it."""

    UNCLEAR = "unclear"
    WHITE = "white"
    BLACK = "black"
    GREY = "grey"
    SILVER = "silver"
    RED = "red"
    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"
    BROWN = "brown"
    OTHER = "other"


class FileRole(StrEnum):
    """What a file of a tip is."""

    PHOTO = "photo"
    VIDEO = "video"


class FileDecision(StrEnum):
    """What officers made of one file of a tip. A declined one stays sealed, but speaks for no case."""

    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class FileDeclineReason(StrEnum):
    """Why a file of a tip was left aside."""

    NOT_ABOUT_THE_ACCIDENT = "not_about_the_accident"
    NOTHING_TO_SEE = "nothing_to_see"
    SAME_AS_ANOTHER = "same_as_another"
    ONLY_BYSTANDERS = "only_bystanders"
    OTHER = "other"


class ExaminationState(StrEnum):
    """How far the machine has looked at a file."""

    WAITING = "waiting"
    EXAMINED = "examined"
    UNREADABLE = "unreadable"


class HintKind(StrEnum):
    """What a hint is about."""

    PLATE = "plate"
    PLATE_COLOUR = "plate_colour"
    CAPTURE_TIME = "capture_time"


class Receipt(Table, tablename="receipt"):
    """线索凭证: the key to ask again. The code itself is stored nowhere."""

    id = UUID(primary_key=True, default=UUID4())
    locator = Varchar(length=4, index=True, help_text="First group of the code: public, not unique.")
    salt = Bytea()
    verifier = Bytea(help_text="Argon2id of pepper and code, 32 bytes.")
    request_sha256 = Varchar(
        length=64, unique=True, help_text="Digest of the sender's key: the same request, the same tip."
    )
    created_at = Timestamptz()


class PublicSession(Table, tablename="public_session"):
    """A browser that has shown a receipt code; the cookie holds the token, the row only its digest."""

    id = UUID(primary_key=True, default=UUID4())
    token_sha256 = Varchar(length=64, unique=True)
    receipt = ForeignKey(Receipt, on_delete=OnDelete.restrict, null=False)
    expires_at = Timestamptz()


class TryBudget(Table, tablename="try_budget"):
    """How many receipt codes were tried in the running hour: one row for each locator, one ('all') for the system."""

    bucket = Varchar(length=8, primary_key=True, default="")
    began_at = Timestamptz()
    spent = Integer(default=0, help_text="Tries that did not open a tip, and those still being checked.")


class Tip(Table, tablename="tip"):
    """线索: what a member of the public told us."""

    id = UUID(primary_key=True, default=UUID4())
    receipt = ForeignKey(Receipt, on_delete=OnDelete.restrict, null=False, unique=True)
    alias = Varchar(length=40, help_text="Two words by which staff speak of the tip; never the code.")
    channel = Varchar(length=16, choices=TipChannel)
    language = Varchar(length=8, help_text="zh-CN or en.")
    story = Text(default="")
    happened_from = Timestamptz(null=True, default=None)
    happened_to = Timestamptz(null=True, default=None)
    place_text = Varchar(length=200, default="")
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    datum = Varchar(length=8, choices=Datum, null=True, default=None)
    plate_text = Varchar(length=20, default="", help_text="As typed, upper case; '?' for a place not seen.")
    vehicle_type = Varchar(length=16, choices=VehicleType, default=VehicleType.UNCLEAR)
    vehicle_colour = Varchar(length=16, choices=VehicleColour, default=VehicleColour.UNCLEAR)
    damage = Varchar(length=200, default="")
    direction = Varchar(length=100, default="")
    is_here_now = Boolean(default=False, help_text="The vehicle was there when it was told: an alarm was raised.")
    received_at = Timestamptz(index=True)
    first_seen_at = Timestamptz(null=True, default=None, help_text="When an officer who decides on tips first looked.")
    state = Varchar(length=16, choices=TipState, default=TipState.RECEIVED)
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decline_reason = Varchar(length=32, choices=DeclineReason, null=True, default=None)
    duplicate_of: ForeignKey["Tip"] = ForeignKey(
        "self", on_delete=OnDelete.restrict, null=True, default=None, help_text="The tip that speaks for both."
    )
    assigned_to = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    surfaced_at = Timestamptz(
        null=True, default=None, help_text="Stands in for received_at in the queue: end of a snooze, or came up again."
    )
    is_demo = Boolean(default=False)


class TipFile(Table, tablename="tip_file"):
    """One photo or video of a tip: the sealed original and what became of looking at it."""

    id = UUID(primary_key=True, default=UUID4())
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False)
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=False, unique=True)
    role = Varchar(length=8, choices=FileRole)
    position = Integer(help_text="1, 2, 3 ... within one tip.")
    request_sha256 = Varchar(
        length=64,
        null=True,
        default=None,
        unique=True,
        help_text="Digest of the sender's key and the file's beginning: a file sent again is not kept twice.",
    )
    file_name = Varchar(length=200, default="", help_text="As the sender's device named it; shown only to staff.")
    examination = Varchar(length=16, choices=ExaminationState, default=ExaminationState.WAITING)
    problem = Varchar(length=40, default="", help_text="Code of why it could not be read, for example truncated_video.")
    facts = JSONB(
        default="{}",
        help_text="width_px, duration_s, frame_rate, captured_at, sharpness of each frame ...; never a position.",
    )
    decision = Varchar(length=16, choices=FileDecision, default=FileDecision.UNDECIDED)
    decline_reason = Varchar(length=32, choices=FileDeclineReason, null=True, default=None)
    decided_by = ForeignKey(Officer, on_delete=OnDelete.restrict, null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)

    one_file_per_position = Unique([tip, position])


class Hint(Table, tablename="hint"):
    """线索提示: what the machine saw, with its confidence; never a conclusion."""

    id = UUID(primary_key=True, default=UUID4())
    tip_file = ForeignKey(TipFile, on_delete=OnDelete.restrict, null=False)
    frame = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=False, help_text="The picture the box lies on.")
    at_s = Real(null=True, default=None, help_text="Seconds from the start of a video; null for a photo.")
    kind = Varchar(length=16, choices=HintKind)
    value = Varchar(length=80, help_text="Plate text, colour name, or ISO 8601 time.")
    confidence = Real(help_text="0 to 1.")
    box = JSONB(null=True, default=None, help_text="[x, y, width, height] as fractions of the picture.")
    reading = JSONB(default="{}", help_text="The reading before any correction: text, per-character confidences.")
    model = Varchar(length=60, help_text="Name and version of what read it.")
    created_at = Timestamptz()
