"""The keys, by the place where they work: the dialog behind `?` and the help page show this one table."""

from __future__ import annotations

Place = str
EVERYWHERE, ALERTS, ALERTS_PAGE = "everywhere", "alerts", "alerts_page"
MAP, LIST, ROUNDS = "map", "list", "rounds"

KEYS: tuple[tuple[Place, tuple[str, ...], str], ...] = (
    # where, keys, the word of what they do
    (EVERYWHERE, ("/",), "search"),
    (EVERYWHERE, ("D",), "theme_title"),
    (EVERYWHERE, ("F",), "fullscreen"),
    (EVERYWHERE, ("E",), "export_title"),
    (EVERYWHERE, ("Esc",), "key_close"),
    (EVERYWHERE, ("?",), "shortcuts"),
    (ALERTS, ("A",), "key_answer"),
    (ALERTS, ("S",), "key_sent"),
    (ALERTS, ("V",), "key_arrived"),
    (ALERTS, ("U",), "unack"),
    (ALERTS_PAGE, ("J", "K"), "key_next_alert"),
    (MAP, ("↑", "↓", "←", "→"), "key_pan"),
    (MAP, ("+", "-"), "key_zoom"),
    (MAP, ("0",), "back_to_wall"),
    (LIST, ("↑", "↓", "←", "→"), "key_move"),
    (LIST, ("Enter",), "key_open"),
    (LIST, ("J", "K"), "key_step"),
    (LIST, ("C",), "key_compare"),
    (LIST, ("L",), "key_legend"),
    (ROUNDS, ("J", "K"), "key_step"),
    (ROUNDS, ("O",), "round_look_at"),
    (ROUNDS, ("1",), "result_normal"),
    (ROUNDS, ("2",), "result_found"),
    (ROUNDS, ("3",), "result_no_picture"),
    (ROUNDS, ("4",), "result_not_reachable"),
    (ROUNDS, ("0",), "round_note"),
    (ROUNDS, ("Enter",), "round_save"),
    (ROUNDS, ("S",), "round_skip"),
    (ROUNDS, ("C",), "round_correct"),
)


def places() -> dict[Place, list[tuple[tuple[str, ...], str]]]:
    """Place to its keys and what they do, in the order of the table."""
    found: dict[Place, list[tuple[tuple[str, ...], str]]] = {}
    for place, keys, word in KEYS:
        found.setdefault(place, []).append((keys, word))
    return found
