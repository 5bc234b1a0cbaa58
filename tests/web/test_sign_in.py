"""Signing in and out: what ends a session, how guesses are counted, what the answers give away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select, text

from starrating.extensions import db
from starrating.models.accounts import Account, SessionRecord, SignInFailure
from starrating.services.accounts import accounts, passwords, sessions
from tests.conftest import TestClock
from tests.web.city import CITY, PASSWORD, identity, post, sign_in, token_in

SIGN_IN = "/accounts/sign-in"


@pytest.mark.usefixtures("people")
class TestSessions:
    def test_signing_in_leads_to_the_work(self, city: Any) -> None:
        client = city.test_client()
        answer = sign_in(client, "city")
        assert (answer.status_code, answer.location) == (303, "/")
        page = client.get("/units/")
        assert page.status_code == 200
        assert "东区" in page.text

    def test_a_name_is_the_same_however_it_is_typed(self, city: Any) -> None:
        assert sign_in(city.test_client(), " Ｃity ").status_code == 303

    def test_a_cookie_kept_after_signing_out_opens_nothing(self, city: Any) -> None:
        client, thief = city.test_client(), city.test_client()
        sign_in(client, "city")
        kept = client.get_cookie("starrating").value
        thief.set_cookie("starrating", kept)
        assert thief.get("/units/").status_code == 200
        assert post(client, "/accounts/sign-out").status_code == 303
        thief.set_cookie("starrating", kept)
        assert thief.get("/units/").location.startswith(SIGN_IN)

    def test_the_token_is_new_and_only_its_digest_is_stored(self, city: Any) -> None:
        client = city.test_client()
        client.get(SIGN_IN)
        before = client.get_cookie("starrating").value
        sign_in(client, "city")
        assert client.get_cookie("starrating").value != before
        with client.session_transaction() as kept:
            token = kept["token"]
        with city.app_context():
            assert token not in str(db.session.execute(text("SELECT * FROM session_record")).all())

    def test_a_password_change_ends_the_other_sessions(self, city: Any) -> None:
        here, there = city.test_client(), city.test_client()
        sign_in(here, "city")
        sign_in(there, "city")
        answer = post(here, "/accounts/password", old=PASSWORD, new="全新的一句话 2025", again="全新的一句话 2025")
        assert answer.status_code == 303
        assert here.get("/units/").status_code == 200
        assert there.get("/units/").location.startswith(SIGN_IN)
        assert sign_in(there, "city").status_code == 422
        assert sign_in(there, "city", "全新的一句话 2025").status_code == 303

    @pytest.mark.parametrize(("minutes", "inside"), [(29, True), (30, False)])
    def test_an_idle_session_ends(self, city: Any, clock: TestClock, minutes: int, *, inside: bool) -> None:
        client = city.test_client()
        sign_in(client, "city")
        clock.advance(minutes=minutes)
        assert (client.get("/units/").status_code == 200) is inside

    def test_a_busy_session_ends_after_eight_hours(self, city: Any, clock: TestClock) -> None:
        client = city.test_client()
        sign_in(client, "city")
        for _ in range(23):
            clock.advance(minutes=20)
            assert client.get("/units/").status_code == 200
        clock.advance(minutes=20)
        assert client.get("/units/").status_code == 302

    def test_a_clock_set_back_ends_it(self, city: Any, clock: TestClock) -> None:
        client = city.test_client()
        sign_in(client, "city")
        clock.advance(hours=-1)
        assert client.get("/units/").status_code == 302


class TestAccounts:
    def test_disabling_and_revoking_act_at_once(self, city: Any, people: dict[str, int]) -> None:
        client, other = city.test_client(), city.test_client()
        sign_in(client, "east_town")
        sign_in(other, "east_assessor")
        with city.app_context():
            by = identity(people["city"], CITY)
            accounts.disable_account(people["east_town"], by)
            grant = db.session.execute(
                text("SELECT id FROM account_grant WHERE account_id = :key"), {"key": people["east_assessor"]}
            ).scalar_one()
            accounts.revoke_role(people["east_assessor"], grant, by)
        assert client.get("/units/").location.startswith(SIGN_IN)
        assert other.get("/units/").status_code == 403

    def test_a_session_that_ended_is_not_brought_back(
        self, city: Any, people: dict[str, int], clock: TestClock
    ) -> None:
        with city.app_context():
            assert sessions.sign_in("city", PASSWORD, "192.0.2.1")
            record = db.session.scalars(select(SessionRecord)).one().id
            sessions.sign_out(record, people["city"])
            clock.advance(minutes=5)
            sessions.note_seen(record)
            assert db.session.get_one(SessionRecord, record).ended_at is not None

    def test_a_one_time_password_opens_only_the_change(
        self, city: Any, people: dict[str, int], clock: TestClock
    ) -> None:
        with city.app_context():
            made = accounts.reset_password(people["east"], identity(people["city"], CITY))
        client = city.test_client()
        assert sign_in(client, "east", made.password).status_code == 303
        assert client.get("/units/").location == "/accounts/password"
        assert client.get("/accounts/password").status_code == 200
        clock.advance(days=8)
        assert sign_in(city.test_client(), "east", made.password).status_code == 422


class TestGuessing:
    def guess(self, city: Any, name: str, address: str = "192.0.2.1", password: str = "wrong") -> bool:
        with city.app_context():
            return sessions.sign_in(name, password, address) is not None

    @pytest.mark.usefixtures("people")
    def test_five_failures_lock_for_fifteen_minutes_and_only_that_account(self, city: Any, clock: TestClock) -> None:
        assert [self.guess(city, "city") for _ in range(5)] == [False] * 5
        assert not self.guess(city, "city", password=PASSWORD)
        assert self.guess(city, "east", password=PASSWORD)
        clock.advance(minutes=15)
        assert self.guess(city, "city", password=PASSWORD)

    @pytest.mark.usefixtures("people")
    def test_twenty_failures_lock_an_address(self, city: Any) -> None:
        for number in range(20):
            self.guess(city, f"nobody{number}")
        assert not self.guess(city, "city", password=PASSWORD)
        assert self.guess(city, "city", "192.0.2.2", PASSWORD)

    @pytest.mark.usefixtures("people")
    def test_guesses_at_once_do_not_outrun_the_limit(self, city: Any) -> None:
        def one(_: int) -> bool:
            return self.guess(city, "city", f"192.0.2.{_}")

        with ThreadPoolExecutor(8) as pool:
            assert not any(pool.map(one, range(24)))
        with city.app_context():
            assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 5

    def test_unknown_wrong_locked_and_disabled_are_one_answer(
        self, city: Any, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worked: list[int] = []
        verify: Callable[..., bool] = passwords.matches

        def counted(*given: Any) -> bool:
            worked.append(1)
            return verify(*given)

        monkeypatch.setattr(sessions, "matches", counted)
        with city.app_context():
            accounts.disable_account(people["east"], identity(people["city"], CITY))
        for _ in range(5):
            self.guess(city, "west")
        worked.clear()
        tried = [("nobody-at-all", PASSWORD), ("city", "wrong"), ("west", PASSWORD), ("east", PASSWORD)]
        answers = []
        for name, password in tried:
            client = city.test_client()
            answer = sign_in(client, name, password)
            answers.append((answer.status_code, answer.text.replace(token_in(answer.text), "").replace(name, "")))
        assert len(set(answers)) == 1
        assert len(worked) == 4

    @pytest.mark.usefixtures("people")
    def test_a_name_that_failed_is_stored_as_a_digest(self, city: Any) -> None:
        self.guess(city, "密码打错了框")
        with city.app_context():
            assert "密码打错了框" not in str(db.session.execute(text("SELECT * FROM sign_in_failure")).all())

    @pytest.mark.usefixtures("people")
    def test_an_endless_password_is_refused_unread(self, city: Any) -> None:
        assert sign_in(city.test_client(), "city", "x" * 5_000).status_code == 422


@pytest.mark.usefixtures("people")
class TestNext:
    @pytest.mark.parametrize("target", ["/units/?q=%E7%94%B2&kind=village", "/audit/"])
    def test_a_path_of_ours_is_followed(self, city: Any, target: str) -> None:
        assert sign_in(city.test_client(), "city", next=target).location == target

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "http:evil.example",
            "/\t/evil.example", " //evil.example", "javascript:alert(1)", "///evil.example", "/\n/evil.example", "evil",
            "data:text/html,x", "http:///evil.example", "/%0a/evil\r\nX: y", "\x00/x", "//", "https:evil",
        ],
    )  # fmt: skip
    def test_nothing_leaves_the_site(self, city: Any, target: str) -> None:
        assert sign_in(city.test_client(), "city", next=target).location == "/"

    def test_the_asked_page_comes_after_signing_in(self, city: Any) -> None:
        answer = city.test_client().get("/units/?q=甲")
        assert answer.status_code == 302
        assert answer.location.startswith("/accounts/sign-in?next=/units/?q%3D")


def test_a_form_without_its_token_changes_nothing(city: Any, people: dict[str, int]) -> None:
    client = city.test_client()
    sign_in(client, "city")
    assert client.post(f"/accounts/{people['east']}/disable").status_code == 400
    with city.app_context():
        assert db.session.get_one(Account, people["east"]).disabled_at is None
