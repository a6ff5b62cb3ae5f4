"""The pages in a real browser: they fit a phone, and the search box works."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from browser import Page, browser, find_chromium
from pages_world import EXAMPLE, build_world
from served import served

CHROMIUM = find_chromium()
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine; install chromium to run the browser tests"
)
PAGES = (
    "/",
    "/news",
    "/search?q=letter+of+intent",
    f"/tieup/deals/{EXAMPLE}",
    "/tieup/deals/casino-uber-2024",
    "/tieup/companies/alibaba",
    "/tieup/companies/ford",
    "/tieup/areas/cloud_it",
    "/compare?companies=carrefour,tesco,casino,kroger",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server on the small knowledge base of pages_world."""
    path = tmp_path_factory.mktemp("browser") / "tieup.db"
    build_world(path)
    # Requests wait in the listener's queue until the server takes them, so nobody has to wait for its start.
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(served(path).app(), log_level="error", access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """A tab of a browser without a past."""
    profile = Path(tempfile.mkdtemp(prefix="chromium-"))
    assert CHROMIUM
    with browser(CHROMIUM, profile) as page:
        yield page
    shutil.rmtree(profile, ignore_errors=True)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(tab: Page, address: str, path: str, width: int) -> None:
    tab.open(address + path, width=width)
    assert tab.run("document.documentElement.scrollWidth") <= width
    wide = (
        f"[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > {width} + 1)"
    )
    assert tab.run(f"{wide}.map(e => e.outerHTML.slice(0, 80))") == []


def test_the_search_box_of_home_opens_an_exact_company(tab: Page, address: str) -> None:
    tab.open(address, width=390)
    tab.run("document.querySelector('#q').value = 'el corte inglés'")
    tab.run("document.querySelector('main form button').click()", loads=True)
    assert tab.run("location.pathname") == "/tieup/companies/el-corte-ingles"
    assert tab.run("document.querySelector('h1').textContent") == "El Corte Inglés"


def test_home_shows_what_matters_first_on_a_phone(tab: Page, address: str) -> None:
    tab.open(address, width=390, height=844)
    shown = "document.querySelector('{}').getBoundingClientRect().bottom"
    assert tab.run(shown.format(".tiles")) < 844
    assert tab.run(shown.format(".search")) < tab.run(shown.format(".tiles"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(tab: Page, address: str, scheme: str) -> None:
    tab.prefer(scheme)
    tab.open(f"{address}/tieup/deals/{EXAMPLE}", width=1280)
    assert tab.run(_CONTRAST) == []


# Every element with text of its own: its colour against the nearest colour behind it, as WCAG 2 counts it.
_CONTRAST = """
(() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = colour => colour.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility())
    .filter(e => !['SCRIPT', 'STYLE'].includes(e.tagName))
    .map(e => {
      const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 80)];
    })
    .filter(([ratio]) => ratio < 4.5)
    .map(([ratio, html]) => `${ratio.toFixed(2)} ${html}`);
})()
"""
