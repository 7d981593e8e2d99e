"""What can go wrong between us and the provider, told apart by what it means for the money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.diagnostics import MjspecError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "AuthError",
    "ClientConfigurationError",
    "DownloadError",
    "MisdirectedError",
    "MoneyError",
    "NotFoundError",
    "NotSentError",
    "OutcomeUnknownError",
    "ProviderError",
    "RejectedError",
    "RetryLaterError",
    "UnavailableError",
]


class ClientConfigurationError(MjspecError):
    """The address or the key cannot be used as they are."""


class ProviderError(MjspecError):
    """The provider did not do what it was asked.

    Attributes:
        status: The HTTP status of the answer, if there was one.
        code: The provider's own code, as text; empty where it gave none.
        retry_after: How many seconds the provider asked us to wait.
        raw: The beginning of the answer, without the key.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str = "",
        retry_after: float | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.raw = raw

    def redact(self, hide: Callable[[str], str]) -> None:
        """Blacks out in every text of the error what ``hide`` blacks out."""
        self.args = tuple(hide(str(argument)) for argument in self.args)
        self.code, self.raw = hide(self.code), hide(self.raw)


class NotSentError(ProviderError):
    """No connection stood, so not one byte of the request left: nothing can have been charged.

    Attributes:
        hopeless: Whether trying again cannot help, as with an untrusted certificate.
    """

    def __init__(self, message: str, *, hopeless: bool = False) -> None:
        super().__init__(message)
        self.hopeless = hopeless


class RetryLaterError(ProviderError):
    """The provider refused because it is busy; nothing was charged."""


class AuthError(ProviderError):
    """The key is missing, wrong, or not allowed to do this."""


class MoneyError(ProviderError):
    """The account is empty; nothing was charged."""


class RejectedError(ProviderError):
    """The provider refused this request for what it says; nothing was charged."""


class MisdirectedError(ProviderError):
    """The provider's address points elsewhere; nothing was charged."""


class OutcomeUnknownError(ProviderError):
    """The request left and no readable answer came back: it may have been charged."""


class NotFoundError(ProviderError):
    """The provider does not know the task."""


class UnavailableError(ProviderError):
    """A question that costs nothing got no answer; it can be asked again."""


class DownloadError(ProviderError):
    """A result could not be fetched.

    Attributes:
        gone: Whether the link itself was refused, as it is after its life time.
        barred: Whether our own rules refuse it, so that asking again cannot help.
        broken: Whether there was no connection, or none that lasted.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        gone: bool = False,
        barred: bool = False,
        broken: bool = False,
    ) -> None:
        super().__init__(message, status=status)
        self.gone = gone
        self.barred = barred
        self.broken = broken
