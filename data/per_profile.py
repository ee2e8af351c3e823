"""Answers that are worked out once for a profile, and let go with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from data.profile import Profile

P = ParamSpec("P")
T = TypeVar("T")


def per_profile(
    most: int = 64,
) -> Callable[[Callable[Concatenate[Profile, P], T]], Callable[Concatenate[Profile, P], T]]:
    """Remember what a function says of a profile, for up to so many other arguments, the newest ones.

    Unlike `lru_cache` it keeps no profile alive: after an edit the one before goes, with all that was worked
    out of it. The other arguments are hashable; an answer must not refer to the profile.
    """

    def decorate(work_out: Callable[Concatenate[Profile, P], T]) -> Callable[Concatenate[Profile, P], T]:
        kept: WeakKeyDictionary[Profile, dict[object, T]] = WeakKeyDictionary()
        lock = threading.Lock()

        @wraps(work_out)
        def remembered(profile: Profile, *args: P.args, **named: P.kwargs) -> T:
            asked = (args, *sorted(named.items()))
            with lock:
                mine = kept.setdefault(profile, {})
                if asked in mine:
                    return mine[asked]
            found = work_out(profile, *args, **named)
            with lock:
                # Of two that worked it out at once all get the same value: some compare by identity.
                found = mine.setdefault(asked, found)
                while len(mine) > most:
                    del mine[next(iter(mine))]
            return found

        return cast("Callable[Concatenate[Profile, P], T]", remembered)

    return decorate
