"""Looks at a report in headless Chromium.

usage: look.py REPORT.html FIGURES [FOLDER FOR SCREENSHOTS]; FIGURES is how many there must be at least
"""

import json
import pathlib
import shutil
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

page = pathlib.Path(sys.argv[1]).resolve()
shots = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
options = webdriver.ChromeOptions()
for flag in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]:
    options.add_argument(flag)
options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
# Given by path, so that nothing is looked up on the network.
options.binary_location = shutil.which("chromium")
driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
try:
    for width in (360, 1024, 1920):
        # Narrower than a window may be, so the device is emulated.
        size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        start = time.monotonic()
        driver.get(page.as_uri())
        seconds = time.monotonic() - start
        assert seconds < 1 or width == 360, f"opened in {seconds:.1f} s"
        wide = driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} pixels wide in a window of {width}"
        figures = driver.find_elements(By.CSS_SELECTOR, "figure svg")
        assert len(figures) >= int(sys.argv[2]), len(figures)
        for figure in figures:
            assert figure.size["width"] > 200 and figure.size["height"] > 20, figure.size
        if shots:
            height = driver.execute_script("return document.documentElement.scrollHeight")
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size | {"height": height})
            driver.save_screenshot(str(shots / f"report-{width}.png"))
    # Keys move through the ticks of a chart.
    figure = driver.find_element(By.CSS_SELECTOR, "figure[data-id=real-gdp]")
    drawing, read = figure.find_element(By.TAG_NAME, "svg"), figure.find_element(By.CLASS_NAME, "read")
    driver.execute_script("arguments[0].focus()", drawing)
    driver.switch_to.active_element.send_keys(Keys.HOME)
    first = read.text
    driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert first and read.text and read.text != first, (first, read.text)
    # The data are one click away, as a table and for download.
    driver.execute_script("arguments[0].querySelector('details').open = true", figure)
    time.sleep(0.2)
    rows = figure.find_elements(By.CSS_SELECTOR, "tr")
    data = json.loads(driver.find_element(By.ID, "data-real-gdp").get_attribute("textContent"))
    assert len(rows) == len(data["rows"]) + 1, (len(rows), len(data["rows"]))
    folder = tempfile.mkdtemp()
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
    driver.execute_script("arguments[0].click()", figure.find_element(By.TAG_NAME, "button"))
    saved = pathlib.Path(folder) / "real-gdp.csv"
    for _ in range(100):
        if saved.exists() and saved.stat().st_size:
            break
        time.sleep(0.1)
    lines = saved.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(data["rows"]) + 1 and lines[1].split(",") == data["rows"][0], lines[:2]
    shutil.rmtree(folder)
    # Every drawing says what it shows.
    names = driver.execute_script(
        "return [...document.querySelectorAll('figure svg')].map(x => [x.getAttribute('aria-label'), x.querySelector('desc').textContent])"
    )
    assert all(name and about for name, about in names), names
    errors = [entry for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not errors, errors
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            assert url.startswith(("file:", "data:", "blob:")), url
finally:
    driver.quit()
print("looked")
