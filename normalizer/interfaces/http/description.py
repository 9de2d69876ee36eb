"""What a route takes and gives, told beside it: the description of the service is made of this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

JSON: Final = "application/json"
HTML: Final = "text/html"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Description:
    """What a route takes and gives.

    Attributes:
        answers: The types of what it gives, by media type.
        bodies: The types of what it takes, by media type; nothing if it takes none.
        parameters: The type of the parameters of its query, if it has some.
        others: Types that these refer to by name.
    """

    answers: Mapping[str, Any]
    bodies: Mapping[str, Any] = field(default_factory=dict)
    parameters: type | None = None
    others: Sequence[type] = ()


_DESCRIPTIONS: Final[dict[Callable[..., Any], Description]] = {}


def described(
    answers: Any,  # noqa: ANN401  (a type, or an alias of several)
    *,
    bodies: Mapping[str, Any] | None = None,
    parameters: type | None = None,
    others: Sequence[type] = (),
) -> Callable[[View], View]:
    """Tell what a route takes and gives; its first line of documentation says what it does.

    Args:
        answers: The type of the JSON that it gives, or types by media type.
        bodies: The types of what it takes, by media type.
        parameters: The type of the parameters of its query.
        others: Types that these refer to by name.
    """

    def note(view: View) -> View:
        given = answers if isinstance(answers, Mapping) else {JSON: answers}
        _DESCRIPTIONS[view] = Description(given, bodies or {}, parameters, others)
        return view

    return note


def description_of(view: Callable[..., Any]) -> Description | None:
    """What was told of a route, if anything."""
    return _DESCRIPTIONS.get(view)
