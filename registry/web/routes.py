"""Every route of the site and of the API, by the file that has it. Touches nothing."""

from __future__ import annotations

from typing import Any

from registry.web.handlers import (
    account,
    account_delete,
    account_password,
    account_tokens,
    acting_pages,
    api_accounts,
    api_changes,
    api_charter,
    api_commons,
    api_compare,
    api_deciding,
    api_diffs,
    api_forks,
    api_founding,
    api_inbox,
    api_membership,
    api_policies,
    api_proposals,
    api_proposing,
    api_runs,
    api_search,
    api_stream,
    api_talking,
    api_try,
    assets,
    badges,
    charter_amend,
    commons,
    compare,
    diff,
    documentation,
    feeds,
    fork_diff,
    forks,
    found,
    health,
    home,
    inbox,
    line_comments,
    machine_files,
    membership_pages,
    person,
    policies,
    proposals,
    reset,
    revise,
    runs,
    search,
    sign_in,
    sign_up,
    suggest,
    try_it,
    upstream,
)
from registry.web.handlers import metrics as metrics_page

_PAGES = (proposals, search, diff, fork_diff, compare, try_it, feeds, badges, machine_files, metrics_page)
_ACTS = (
    acting_pages,
    line_comments,
    membership_pages,
    suggest,
    revise,
    forks,
    found,
    charter_amend,
    upstream,
    inbox,
    person,
)
_ACCOUNTS = (sign_in, sign_up, reset, account, account_tokens, account_password, account_delete)
_API = (
    api_accounts,
    api_commons,
    api_policies,
    api_proposals,
    api_runs,
    api_compare,
    api_search,
    api_diffs,
    api_try,
    api_changes,
    api_stream,
    api_founding,
    api_charter,
    api_membership,
    api_proposing,
    api_talking,
    api_deciding,
    api_forks,
    api_inbox,
)

PAGES: list[Any] = [
    home.home,
    commons.commons_page,
    commons.log_minutes,
    policies.policy_page,
    policies.cases_page,
    runs.run_page,
    assets.asset,
    health.healthz,
    health.readyz,
    documentation.documentation,
    *(route for noun in (*_PAGES, *_ACTS, *_ACCOUNTS) for route in noun.ROUTES),
]
"""What people and machines find beside the API."""

API: list[Any] = [route for noun in _API for route in noun.ROUTES]
"""What stands below `/api/v1`."""
