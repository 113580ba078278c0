package io.poolscope.testkit.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real Chromium without a window. Where there is none, or no driver for it, its tests are skipped and say so: Debian's
 * packages are {@code chromium chromium-driver}; {@code CHROME_BIN} and {@code CHROMEDRIVER} name others.
 */
final class Browser implements AutoCloseable {

    /** The page looks every two seconds; a machine under load takes its time. */
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Why a test is skipped. */
    static final String ABSENT = "no Chromium with its driver here (apt-get install chromium chromium-driver)";

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Whether there is one, with its driver; if not, that is said. */
    static boolean isHere() {
        boolean isHere = browser() != null && driver() != null;
        if (!isHere) {
            System.err.println("SKIPPED: the page is not clicked through: " + ABSENT);
        }
        return isHere;
    }

    private static File browser() {
        return find("CHROME_BIN", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    }

    private static File driver() {
        return find("CHROMEDRIVER", "chromedriver");
    }

    static Browser open() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--force-color-profile=srgb",
                "--hide-scrollbars",
                "--window-size=1280,1000");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static File find(String variable, String... names) {
        String named = System.getenv(variable);
        if (named != null && new File(named).canExecute()) {
            return new File(named);
        }
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            for (String name : names) {
                File file = new File(directory, name);
                if (file.canExecute()) {
                    return file;
                }
            }
        }
        return null;
    }

    Browser go(String url) {
        driver.get(url);
        return this;
    }

    String title() {
        return driver.getTitle();
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** The texts of what is to be seen; anew if the page has replaced one of them meanwhile. */
    List<String> texts(String css) {
        return Awaitility.await("the texts of " + css)
                .pollDelay(Duration.ZERO)
                .atMost(SOON)
                .ignoreException(StaleElementReferenceException.class)
                .until(() -> all(css).stream().map(WebElement::getText).toList(), texts -> true);
    }

    String text(String css) {
        return find(css).getText();
    }

    /** Waits until one of these has this text in it, and returns it. */
    WebElement await(String css, String text) {
        return await(css, text, SOON);
    }

    WebElement await(String css, String text, Duration patience) {
        WebElement[] found = new WebElement[1];
        Awaitility.await(css + " with " + text)
                .atMost(patience)
                .ignoreException(StaleElementReferenceException.class)
                .untilAsserted(() -> {
                    assertThat(texts(css)).anyMatch(each -> each.contains(text));
                    found[0] = all(css).stream()
                            .filter(element -> element.getText().contains(text))
                            .findFirst()
                            .orElseThrow();
                });
        return found[0];
    }

    /** Waits until the page has been brought up to date, so many times. */
    void awaitUpdates(int times) {
        for (int i = 0; i < times; i++) {
            String before = text("#who");
            Awaitility.await("an update").atMost(SOON).until(() -> !text("#who").equals(before));
        }
    }

    Object js(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What a script returns that has something to await; an error of it is one of the test. */
    Object later(String script) {
        driver.manage().timeouts().scriptTimeout(SOON);
        return driver.executeAsyncScript("const done = arguments[0];(async () => {" + script
                + "})().then(done, failure => done('failed: ' + failure));");
    }

    Browser isDark(boolean dark) {
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        return this;
    }

    Browser size(int width, int height, double scale) {
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", width < 600));
        return this;
    }

    /** Types a key where the focus is, as a keyboard does. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    private Map<String, Object> cdp(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    /** What a screen reader is told of the whole page: role and name of each node, one a line. */
    @SuppressWarnings("unchecked")
    String accessibilityTree() {
        StringBuilder tree = new StringBuilder();
        for (Map<String, Object> node : (List<Map<String, Object>>)
                cdp("Accessibility.getFullAXTree", Map.of()).get("nodes")) {
            if (!Boolean.TRUE.equals(node.get("ignored"))) {
                tree.append(value(node.get("role")))
                        .append(" ")
                        .append(value(node.get("name")))
                        .append('\n');
            }
        }
        return tree.toString();
    }

    private static Object value(Object property) {
        Object value = property instanceof Map ? ((Map<?, ?>) property).get("value") : null;
        return value == null ? "" : value;
    }

    /** What axe-core finds wrong: rules of WCAG 2.2 A and AA, and the usual practice; one line for each. */
    @SuppressWarnings("unchecked")
    List<String> inaccessible() throws IOException {
        try (InputStream in =
                Browser.class.getClassLoader().getResourceAsStream(System.getProperty("poolscope.kit.axe"))) {
            js(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        driver.manage().timeouts().scriptTimeout(SOON);
        return (List<String>) driver.executeAsyncScript("const done = arguments[0];"
                + "axe.run().then(found => done(found.violations.flatMap(rule => rule.nodes.map("
                + "node => rule.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary))),"
                + "failure => done(['axe failed: ' + failure]));");
    }

    /** What stands in the console since the last time: errors of scripts, what the policy forbade, what was not found. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        driver.manage().logs().get(LogType.BROWSER).forEach(entry -> {
            // That a canvas is read again and again is said of the tests.
            if (!entry.getMessage().contains("willReadFrequently")) {
                complaints.add(entry.toString());
            }
        });
        return complaints;
    }

    /** The picture as it is seen, as PNG. */
    void shoot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Object data = cdp("Page.captureScreenshot", Map.of("format", "png", "optimizeForSpeed", false))
                .get("data");
        Files.write(file, Base64.getDecoder().decode((String) data));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
