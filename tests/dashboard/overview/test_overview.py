from tests.support.client import Cabinet


async def test_aigerim_has_money_and_owes_nothing(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in("4445")
    answer = await aigerim.get("/")
    assert answer.status == 200
    assert answer.page.one(".bar .bar-balance").text == "Balance 1,425.00 KZT"
