"""Pictures of a running demo: ``python docs/screenshots.py OUT [--base URL] [--only NAME] [--language ru]``.

Signs in as the owner of an account and takes each page at two widths and in both themes; ``make screenshot``
takes the one the README shows.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PAGES = {
    "sign-in": "/sign-in",
    "overview": "/",
    "contracts": "/contracts",
    "contract": "/contracts/4445%2F10",
    "services": "/services",
    "service": "/services/S900001",
    "service-hour": "/services/S900001?from=2026-06-15&to=2026-06-21&step=hour",
    "service-june": "/services/S900001?from=2026-06-01&to=2026-06-30",
    "invoices": "/invoices",
    "invoice": "/invoices/СФ-2026-000157",
    "payments": "/payments",
    "users": "/users",
    "users-table": "/users?view=table",
    "user": "/users/13",
    "new-user": "/users/new",
    "removal": "/users/12/removal",
    "profile": "/profile",
    "not-found": "/nowhere",
    "wrong-dates": "/payments?from=2026-06-30&to=2026-06-01",
}
SIZES = {1440: 900, 390: 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--login", default="4445")
    parser.add_argument("--only", nargs="*", choices=PAGES, default=list(PAGES))
    parser.add_argument("--path", help="an address of one's own instead")
    parser.add_argument("--language", default="en")
    parser.add_argument("--widths", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--themes", nargs="*", default=["light", "dark"])
    parser.add_argument("--viewport", action="store_true", help="only what fits the window")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for width in options.widths:
            for theme in options.themes:
                _take(browser, options, width, theme)


def _take(browser: Browser, options: argparse.Namespace, width: int, theme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": SIZES.get(width, 1000)},
        color_scheme=theme,  # type: ignore[arg-type]
        locale={"en": "en-GB", "kk": "kk-KZ", "hu": "hu-HU"}.get(options.language, "ru-RU"),
        base_url=options.base,
    )
    page = context.new_page()
    pages = {"page": options.path} if options.path else {name: PAGES[name] for name in options.only}
    if "sign-in" in pages:
        page.goto(pages.pop("sign-in"))
        page.screenshot(path=options.out / f"sign-in-{options.language}-{width}-{theme}.png", full_page=True)
    page.goto("/sign-in")
    page.fill("[name=login]", options.login)
    page.fill("[name=password]", os.environ.get("KABINET_DEMO_PASSWORD", "Kabinet-demo-2026"))
    page.click("main button[type=submit]")
    for name, path in pages.items():
        page.goto(path)
        page.wait_for_timeout(600 if "service" in name or options.path else 100)
        file = options.out / f"{name}-{options.language}-{width}-{theme}.png"
        page.screenshot(path=file, full_page=not options.viewport)
    context.close()


if __name__ == "__main__":
    main()
