"""The page that holds a fork against where it began: the newest release there, or that it began from."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from policies.comparison import Comparison, compare_folders
from policies.folder import PolicyFolder
from policies.names import check_slug
from registry.services.reading import find_release
from registry.services.upstream import began_from
from registry.web.difference_view import shown_cases, shown_fields, shown_text
from registry.web.refusals import BadQueryError, NoSuchPageError
from registry.web.rendered import Rendered
from registry.web.site import Asked, Site, commons_name
from registry.web.visit import Visits

CASES = 50
NEWEST, BEGAN = "newest", "began"

To = Annotated[str | None, QueryParameter(name="to")]


@get("/{commons:str}/{address:str}/upstream/diff", sync_to_thread=True, include_in_schema=False)
def fork_diff_page(
    request: Asked,
    site: NamedDependency[Site],
    commons: FromPath[str],
    address: FromPath[str],
    to: To = None,
) -> Response[Any]:
    """How a fork differs: `to` is `newest`, or `began` for what it changed itself."""
    name, slug = commons_name(commons), check_slug(address)
    if to not in (None, NEWEST, BEGAN):
        raise BadQueryError("A fork is held against `newest` or `began`.", "Choose one on the page.")

    def make(visits: Visits) -> Rendered:
        fork = visits.to(name)
        release = find_release(fork.state, slug)
        ours = fork.folder(release)
        began = began_from(ours, slug)
        resolved = visits.catalogue.resolve(began.policy.split("/"))
        if resolved is None or len(resolved.rest) != 1:
            raise NoSuchPageError(
                f"{began.policy}, where this began, is not on this site.",
                "`commons sync --dry-run` says how the two differ.",
            )
        origin, source = visits.to(resolved.name), resolved.rest[0]
        base = find_release(origin.state, source, began.version or began.commit)
        newest = find_release(origin.state, source)
        other = base if to == BEGAN else newest
        theirs = origin.folder(other)

        def compare() -> tuple[Comparison, int]:
            weight = sum(len(raw) for folder in (theirs, ours) for raw in folder.files.values())
            return compare_folders(theirs, ours), 4 * weight

        made = fork.made(("fork", other.folder, release.folder), compare)
        return site.html(
            "fork_diff.html",
            sensitive=_is_sensitive(ours) or _is_sensitive(theirs),
            commons=name,
            slug=slug,
            origin=began.policy,
            language=ours.document.policy.meta.language,
            version=release.version,
            against=other.version,
            is_newest=other.version == newest.version,
            began=base.version,
            newest=newest.version,
            made=made,
            text=shown_text(made.text),
            attachments=[(item, shown_text(item.text)) for item in made.attachments],
            fields=shown_fields(made),
            cases=shown_cases(made.cases[:CASES]),
            violating=sorted({one.code for one in ours.document.policy.meta.labels if one.violates}),
        )

    return site.page(request, make)


def _is_sensitive(folder: PolicyFolder) -> bool:
    return any(case.sensitive for case in folder.cases) or bool(folder.document.policy.meta.content_warnings)


ROUTES: list[Any] = [fork_diff_page]
