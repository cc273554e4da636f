"""A user pool whose accounts are made by administrators lets nobody sign up; ministack stores the setting alone."""

import importlib
from collections.abc import Mapping
from typing import Any


def refuse_sign_up() -> None:
    """Refuse SignUp as Cognito does, unless the pool says that it is open."""
    cognito: Any = importlib.import_module("ministack.services.cognito")
    sign_up = cognito._sign_up  # noqa: SLF001

    def sign_up_where_allowed(data: Mapping[str, Any]) -> Any:
        pool, _ = cognito._pool_for_client(data.get("ClientId"))  # noqa: SLF001
        if pool and (pool.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly", False) is not False:
            message = "SignUp is not permitted for this user pool"
            return cognito.error_response_json("NotAuthorizedException", message, 400)
        return sign_up(data)

    cognito._sign_up = sign_up_where_allowed  # noqa: SLF001
