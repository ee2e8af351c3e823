"""The board as far as it is the reader's: what an answer is made of is taken from here and nowhere else.

Whoever asks is found anew at each question (`dashboard.access.access_now`), and where nobody said who it is,
nothing is answered. A reader of one county gets that county's profile, pictures and past; there is no way
from here to the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.access import Access, access_now
from dashboard.board import Board
from dashboard.handovers import Handovers
from dashboard.rounds import VideoRounds
from data.county import county_profile
from data.dispatch import DeliveryState, Dispatch
from data.foresight import Ahead
from data.hidden_times import Span, hidden_times
from data.history import Curve, History
from data.journal import Draft, Entry
from data.orders import Orders, Silence
from data.picture import Picture, cut
from data.profile import Profile
from data.series import series_of
from data.silences import planned_for
from data.site_day import SiteDay, site_day
from data.store.base import Alerted
from data.targets import targets_of
from layers.faults import Fault, FaultsError


class Desk:
    """What pages, the interface and OGC API are handed in place of the board."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @property
    def access(self) -> Access:
        """Who asks now; raises LookupError where nobody has said."""
        return access_now()

    @property
    def form_token(self) -> str:
        """What forms of the reader's session carry; "" where there is none."""
        session = self.access.session
        return self._board.accounts.form_token(session) if session else ""

    @property
    def reach(self) -> str:
        """ "" for a reader of the whole prefecture, or the adcode of the one county there is for them."""
        return self.access.scope

    @property
    def profile(self) -> Profile:
        """The profile of the newest picture, as far as it is the reader's."""
        return self.part(self._board.profile)

    def part(self, profile: Profile) -> Profile:
        """What is the reader's of a whole profile."""
        return county_profile(profile, self.reach) if self.reach else profile

    @property
    def scopes(self) -> dict[str, str]:
        """Adcode to name of every county that there is for the reader, in the profile's order."""
        return self.profile.county_name

    def narrow(self, scope: str) -> str | None:
        """The scope that answers a question: the reader's own for ""; None where there is none such."""
        mine = self.access.narrow(scope)
        return mine if mine is not None and (not mine or mine in self.scopes) else None

    def picture(self, scope: str = "") -> Picture:
        """The newest picture, cut to a scope; raises FaultsError for one that is not there for the reader."""
        return self._board.picture(self._scope(scope))

    def picture_at(self, at: int, scope: str = "") -> Picture:
        """The picture of a past time, cut to a scope; raises FaultsError as `picture`."""
        return self._board.engine.picture_at(at, self._scope(scope))

    def cut(self, whole: Picture, scope: str = "") -> Picture:
        """A kept picture of the whole prefecture, cut to a scope; raises FaultsError as `picture`."""
        mine = self._scope(scope)
        if whole is self._board.engine.picture:
            return self._board.cut(whole, mine)
        return cut(whole, whole.profile or self._board.profile, mine)

    def _scope(self, scope: str) -> str:
        mine = self.narrow(scope)
        if mine is None:
            raise FaultsError([Fault("There is no such county", field="scope", got=scope)])
        return mine

    @property
    def history(self) -> Past:
        """What was, under the profile in force."""
        history = self._board.engine.history
        silences = self._board.engine.orders.silences.values()
        return Past(self.part(history.profile), history, self._scope, tuple(silences))

    def alerts_between(self, start: int, end: int) -> list[Alerted]:
        """Alerts that were open in a span of time, on the reader's own sites and fences."""
        return self.mine(self._board.engine.store.alerts_between(start, end))

    def hidden_times(self, found: Sequence[Alerted], start: int, end: int) -> Mapping[str, Sequence[Span]]:
        """When something hid some of the reader's alerts, whosever that was; nothing else is told of it."""
        engine = self._board.engine
        among, silences = engine.store.alerts_between(start, end), engine.orders.silences.values()
        return hidden_times(self.profile, found, among, silences, start=start, end=end)

    @property
    def orders(self) -> Orders:
        """What is ordered now, as far as it is the reader's: a county's reader gets what was ordered for the
        county or reaches into it, and the levels that hold there."""
        orders, reach = self._board.engine.orders, self.reach
        if not reach:
            return orders
        mine = {alert.id for alert in self.picture().alerts}
        return Orders(
            {name: one for name, one in orders.responses.items() if name in mine},
            {one.id: one for one in planned_for(orders.silences.values(), self.profile, reach)},
            {scope: one for scope, one in orders.levels.items() if scope in ("", reach)},
        )

    def order(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Put orders into the journal in the reader's name; the next picture follows them.

        Raises PermissionError where one concerns more than the reader's county.
        """
        if self.reach and any(draft.scope != self.reach for draft in drafts):
            raise PermissionError("an order beyond the reader's county")
        access = self.access
        return self._board.engine.order(
            [replace(draft, who=access.who, role=access.role) for draft in drafts]
        )

    def entries(self, subjects: Sequence[str]) -> list[Entry]:
        """What the journal tells of these subjects, in order, as far as it is the reader's."""
        told = self._board.engine.store.entries(subjects=subjects)
        return [entry for entry in told if self.reach in ("", entry.scope)]

    def journal(
        self,
        after: int = 0,
        limit: int = 100,
        *,
        newest: bool = False,
        scope: str = "",
        until: int | None = None,
    ) -> list[Entry]:
        """Entries with a number above `after`, the first or the newest, in order; of the reader's own county
        where there is but one. Raises FaultsError for a scope that is not there for the reader."""
        mine = self._scope(scope) or None
        store = self._board.engine.store
        return store.entries(after, limit=limit, scope=mine, newest=newest, until=until)

    @property
    def handovers(self) -> Handovers:
        """The handovers of shifts, as far as they are the reader's."""
        return Handovers(self._board, self._scope, self.order, lambda: self.orders)

    def alert(self, alert_id: str) -> Alerted | None:
        """An alert that the store knows, open or over, where it is on the reader's own ground."""
        found = self._board.engine.store.alert(alert_id)
        return found if found and self.mine([found]) else None

    def mine(self, found: Sequence[Alerted]) -> list[Alerted]:
        """Those of some alerts that are about the reader's own sites, fences, devices and county."""
        if not self.reach:
            return list(found)
        ours = targets_of(self.profile)
        # A line, a feed and the board are the prefecture's.
        known = {kind: ours[kind].row for kind in ("site", "fence", "device", "county")}
        return [alert for alert in found if alert.target_id in known.get(alert.target, ())]

    def dispatches(
        self, scope: str = "", *, subject: str | None = None, since: int = 0, limit: int = 1000
    ) -> list[Dispatch]:
        """The newest that was told of alerts after a time, in order; of the reader's own county where there
        is but one. Raises FaultsError for a scope that is not there for the reader."""
        county = self._scope(scope) or None
        store = self._board.engine.store
        return store.dispatches(subject=subject, county=county, since=since, limit=limit)

    def delivery_states(self, since: int) -> dict[str, DeliveryState]:
        """How the deliveries stand that are in the reader's profile; counts are of what is after a time."""
        known = {delivery.id for delivery in self.profile.spec.deliveries}
        states = self._board.engine.store.delivery_states(since)
        return {name: state for name, state in states.items() if name in known}

    @property
    def rounds(self) -> VideoRounds:
        """The video rounds, as far as they are the reader's."""
        return VideoRounds(self._board.profile, self._board, self._scope)

    @property
    def began(self) -> float | None:
        """When the readings begin, epoch seconds; None where there are none."""
        span = self._board.engine.store.span()
        return None if span is None else span[0]

    @property
    def adopted_at(self) -> int:
        """Since when the profile runs, epoch seconds."""
        return self._board.engine.adopted_at

    @property
    def step_s(self) -> float:
        """Longest time between two pictures, seconds."""
        return self._board.settings.step_s

    @property
    def epoch(self) -> str:
        """Marks this run of the server."""
        return self._board.epoch

    @property
    def version(self) -> str:
        """The version of the software as it is installed."""
        return self._board.version

    @property
    def clock(self) -> Callable[[], float]:
        """The board's clock, epoch seconds."""
        return self._board.clock

    def moment(self, at: str) -> int:
        """The time that an address asks for, epoch seconds; now for "" and for what is no time."""
        return self._board.moment(at)


@dataclass(frozen=True)
class Past:
    """What was, as far as it is the reader's."""

    profile: Profile
    """The profile that the past is read under, or the reader's county of it."""
    _history: History
    _scope: Callable[[str], str]
    _silences: tuple[Silence, ...]

    def series(
        self, site_id: str, metric: str, start: int, end: int, step: int
    ) -> list[tuple[int, float | None]]:
        """As `data.history.History.series`; another county's site is none."""
        return series_of(self.profile, self._history.store, site_id, metric, start=start, end=end, step=step)

    def site_day(self, site_id: str, at: int) -> SiteDay:
        """As `data.site_day.site_day`; raises KeyError for a site that is not the reader's."""
        _ = self.profile.sites.row[site_id]
        return site_day(self.profile, self._history.store, site_id, at)

    @property
    def ahead(self) -> Ahead:
        """Forecast, advice and what-if of the reader's own sites."""
        return Ahead(self.profile, self._history.profile, self._history.store, self._silences)

    def curve(self, at: int, *, scope: str = "") -> Curve:
        """As `data.history.History.curve`; of the reader's county where there is but one."""
        return self._history.curve(at, scope=self._scope(scope))
