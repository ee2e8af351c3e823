"""The life of an alert told plainly, one target at a time: what the board's columns must agree with."""

from __future__ import annotations

from dataclasses import dataclass, field

THRESHOLD, CLEAR = 30, 25
STEPS = ((45, "warning"), (60, "critical"))
ORDER = ("notice", "warning", "critical")
FOR_S, CLEAR_FOR_S = 60, 120
FLAP_TIMES, FLAP_WITHIN_S = 3, 1800


def severity_of(value: float) -> str:
    """What a value stands for; the rule's own is `notice`."""
    found = "notice"
    for threshold, severity in STEPS:
        if value > threshold:
            found = severity
    return found


@dataclass
class Given:
    """An answer that somebody gave."""

    at: int
    until: int
    severity: str


@dataclass
class Case:
    """One open alert."""

    started: int
    severity: str
    fired: int | None = None
    asked: int | None = None
    clear_since: int | None = None
    was_clear: bool = False
    swings: list[int] = field(default_factory=list)
    answer: Given | None = None
    asking: bool = False
    answered: int | None = None
    sent: int | None = None


@dataclass
class Target:
    """One site under one rule."""

    case: Case | None = None
    ended_at: int | None = None
    ended_swings: list[int] = field(default_factory=list)

    def flaps_until(self) -> float:
        """When the last so many swings no longer lie close together."""
        assert self.case is not None
        swings = self.case.swings
        return swings[-FLAP_TIMES] + FLAP_WITHIN_S if len(swings) >= FLAP_TIMES else 0

    def read(self, at: int, value: float | None) -> None:
        """A step of the board at which the value is this; None where nothing is known."""
        case = self.case
        if value is None:
            if case is not None:
                case.clear_since = None
        elif case is None:
            if value > THRESHOLD:
                self.case = Case(at, severity_of(value))
                self.fire(at)
        elif case.fired is None:
            if value <= THRESHOLD:
                self.end(at)
            else:
                self.worsen(at, value)
                self.fire(at)
        elif value <= CLEAR:
            case.was_clear = True
            if case.clear_since is None:
                case.clear_since = at
            needed = max(CLEAR_FOR_S, FLAP_WITHIN_S / FLAP_TIMES) if at < self.flaps_until() else CLEAR_FOR_S
            if at - case.clear_since >= needed:
                self.end(at)
        else:
            case.clear_since = None
            if value > THRESHOLD:
                if case.was_clear:
                    case.was_clear = False
                    case.swings.append(at)
                self.worsen(at, value)
        self.ask(at)

    def worsen(self, at: int, value: float) -> None:
        """Graver than before; it never becomes less grave."""
        case = self.case
        assert case is not None
        if ORDER.index(severity_of(value)) > ORDER.index(case.severity):
            case.severity = severity_of(value)
            if case.fired is not None:
                case.asked, case.asking = at, True

    def fire(self, at: int) -> None:
        """Held for long enough."""
        case = self.case
        assert case is not None
        if at - case.started >= FOR_S:
            case.fired = case.asked = at
            case.asking = True
            case.swings = [*self.ended_swings, at]

    def ask(self, at: int) -> None:
        """An answer whose time is over lets it ask again."""
        case = self.case
        if case is not None and case.answer is not None and not case.asking and case.answer.until <= at:
            case.asked, case.asking = case.answer.until, True

    def end(self, at: int) -> None:
        """Over, or never fired."""
        assert self.case is not None
        self.ended_at, self.ended_swings = at, self.case.swings
        self.case = None

    def ack(self, at: int, until: int) -> None:
        """Somebody looks after it."""
        case = self.case
        assert case is not None
        self.ask(at)
        case.answer, case.asking = Given(at, until, case.severity), False
        case.answered = case.answered or at

    def unack(self, at: int) -> None:
        """Somebody takes the answer back."""
        case = self.case
        assert case is not None
        self.ask(at)
        if case.answer is not None and not case.asking:
            case.asked = at
        if case.answer is not None:
            case.answer, case.asking = None, True

    @property
    def state(self) -> str:
        """As people see it."""
        if self.case is None:
            return "none"
        if self.case.fired is None:
            return "pending"
        return "firing" if self.case.asking else "acknowledged"
