package io.poolscope.testkit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.poolscope.testkit.Jvms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A person looks at the demo shop, which has its bugs, under the finished agent. */
@EnabledIf(value = "io.poolscope.testkit.page.Browser#isHere", disabledReason = Browser.ABSENT)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {

    private static final Path AGENT = Path.of(System.getProperty("poolscope.agent.jar"));
    private static final Path SHOP = Path.of("../../examples/shop/target/shop.jar");
    private static final Pattern ADDRESS = Pattern.compile("see (http://127\\.0\\.0\\.1:\\d+/)");

    /** Where the pictures of the documentation stand; they are only made anew when somebody asks for it. */
    private static final Path PICTURES = Path.of(System.getProperty("poolscope.page.pictures", "target/page"))
            .toAbsolutePath();

    /** What the shop does takes its time: its pool is full after 20 seconds, and opened anew every 40. */
    private static final Duration SHOP_TIME = Duration.ofSeconds(100);

    @TempDir
    static Path folder;

    private static Process shop;
    private static String address;
    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        browser = Browser.open();
        Path stderr = folder.resolve("stderr");
        shop = new ProcessBuilder(
                        Jvms.java(Path.of(System.getProperty("java.home"))).toString(),
                        "-Xmx96m",
                        "-Xmn8m",
                        "-Dpoolscope.port=0",
                        "-javaagent:" + AGENT,
                        "-jar",
                        SHOP.toString())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(stderr.toFile())
                .start();
        Awaitility.await("the banner").atMost(SHOP_TIME).until(() -> {
            Matcher banner = ADDRESS.matcher(Files.readString(stderr));
            address = banner.find() ? banner.group(1) : null;
            return address != null;
        });
    }

    @AfterAll
    static void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (shop != null) {
            shop.destroy();
            shop.waitFor();
        }
    }

    @BeforeEach
    void look() {
        browser.isDark(false).size(1280, 1000, 1).go(address);
        browser.await("#live", "live");
    }

    @AfterEach
    void nothingWasForbiddenAndNothingFailed() {
        assertThat(browser.complaints()).isEmpty();
    }

    /** The first: only now there is nothing to see yet. */
    @Test
    @Order(1)
    void aLeakAppearsWithoutAReload() throws Exception {
        browser.js("window.loadedOnce = true");

        WebElement leak = browser.await("#problems article", "Catalogue.isListed", SHOP_TIME);

        // For a moment, the second: until OkHttp takes the connection back, its route is what is told of.
        assertThat(leak.getText())
                .contains("LEAK", "com.acme.shop.Catalogue.isListed(Catalogue.java:")
                .containsAnyOf("a response was never closed", "never closed (leak)");
        WebElement report = browser.await("#report-list summary", "Catalogue.isListed(Catalogue.java:");
        assertThat(report.getText()).containsPattern("catalogue:\\d+");
        assertThat(browser.js("return window.loadedOnce")).isEqualTo(true);
        assertThat(browser.title()).matches("\\(\\d+\\) Poolscope · shop");
        assertThat(browser.text("#spoken")).contains("leak: ");
    }

    @Test
    @Order(2)
    void whichPoolIsFullAndWhoHoldsItAndWhichLineToMendStandsAtTheTop() throws Exception {
        WebElement full = browser.await("#problems article[data-tag=full]", "com.acme.shop.Stock.level", SHOP_TIME);

        assertThat(full.getText())
                .startsWith("FULL\nwarehouse:")
                .containsPattern("20 of 20 in use, \\d+ waiting, the oldest for ")
                .containsPattern(
                        "com\\.acme\\.shop\\.Stock\\.level\\(Stock\\.java:\\d+\\) holds \\d+: never closed \\(leak\\)")
                .contains("How to mend it", "EntityUtils.consume(response.getEntity())");
        assertThat(full.getLocation().getY() + full.getSize().getHeight())
                .as("above the fold")
                .isLessThan(1000);
        assertThat(browser.text("#verdict")).startsWith("1 pool is full and requests wait.");
        String bar =
                full.findElement(org.openqa.selenium.By.cssSelector(".bar")).getAttribute("aria-label");
        assertThat(bar).containsPattern("20 of 20 in use: \\d+ never closed \\(leak\\)");

        Awaitility.await("all that is in the picture")
                .atMost(SHOP_TIME)
                .until(() -> browser.texts("#problems .tag").containsAll(List.of("LEAK", "UNDRAINED", "STALE")));
        browser.await("#problems article[data-tag=full]", "com.acme.shop.Stock.level", SHOP_TIME);
        browser.shoot(PICTURES.resolve("live-page.png"));
        browser.isDark(true).size(390, 844, 2);
        browser.awaitUpdates(1);
        browser.shoot(PICTURES.resolve("live-page-phone.png"));
        assertThat(Files.size(PICTURES.resolve("live-page.png"))).isLessThan(300_000);
        assertThat(Files.size(PICTURES.resolve("live-page-phone.png"))).isLessThan(300_000);
    }

    @Test
    @Order(3)
    void aRowOpensToItsTimeLineAndItsHolders() {
        WebElement button = route("search:");
        if (!"true".equals(button.getAttribute("aria-expanded"))) {
            button.click();
        }

        assertThat(button.getAttribute("aria-expanded")).isEqualTo("true");
        String detail = "#" + button.getAttribute("aria-controls");
        assertThat(browser.text(detail)).contains("limits", "requests", "closes", "undrained");
        Awaitility.await("a drawing")
                .until(() -> (Long) browser.js(
                                "const canvas = document.querySelector(arguments[0] + ' canvas');"
                                        + "if (!canvas || !canvas.width) return 0;"
                                        + "const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
                                        + "let drawn = 0;"
                                        + "for (let i = 3; i < pixels.length; i += 4) drawn += pixels[i] > 0 ? 1 : 0;"
                                        + "return drawn;",
                                detail)
                        > 500);
        assertThat(browser.find(detail + " .figure").getAttribute("aria-label"))
                .matches("The last quarter of an hour: at most \\d+ in use, at most \\d+ waiting, slowest wait p95 .+");
        button.click();

        assertThat(button.getAttribute("aria-expanded")).isEqualTo("false");
        assertThat(browser.find(detail).isDisplayed()).isFalse();

        route("catalogue:").click();
        browser.await("#routes .holders", "com.acme.shop.Catalogue.isListed(", SHOP_TIME);
    }

    /** The button of a route's row. */
    private static WebElement route(String begin) {
        browser.await("#routes .place", begin);
        return browser.all("#routes .open").stream()
                .filter(each -> each.getText().startsWith(begin))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(4)
    void theTableIsSortedByWhatIsClicked() {
        browser.await("#routes .place", "warehouse:");
        WebElement head = browser.find("#routes th [data-sort=name]");

        head.click();
        List<String> up = browser.texts("#routes .place");
        assertThat(up).hasSizeGreaterThan(5).isSorted();
        assertThat(browser.find("#routes thead th").getAttribute("aria-sort")).isEqualTo("ascending");

        head.click();
        assertThat(browser.texts("#routes .place")).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(browser.find("#routes thead th").getAttribute("aria-sort")).isEqualTo("descending");

        browser.find("#routes th [data-sort=closes]").click();
        assertThat(browser.find("#routes thead th").getAttribute("aria-sort")).isEqualTo("none");
        assertThat(browser.texts("#routes .place").get(0)).as("ten a second").startsWith("search:");
    }

    /** The shop opens its pool anew when nothing has come through for 15 seconds. */
    @Test
    @Order(5)
    void poolsOfThePastAreOutOfTheWayAndNotForgotten() {
        WebElement button = browser.find("#ended");
        Awaitility.await("a pool that was closed").atMost(SHOP_TIME).until(button::isDisplayed);
        // One that is closed with responses out is not past before these are; the next begins with its first request.
        Awaitility.await("the pool that came after it").atMost(SHOP_TIME).untilAsserted(() -> {
            assertThat(browser.texts("#routes .pool")).noneMatch(pool -> pool.endsWith(", closed"));
            assertThat(browser.texts("#routes .place"))
                    .filteredOn(place -> place.startsWith("warehouse:"))
                    .hasSize(1);
        });

        button.click();

        assertThat(button.getAttribute("aria-expanded")).isEqualTo("true");
        assertThat(button.getText()).startsWith("Hide ");
        assertThat(browser.texts("#routes .pool"))
                .last(STRING)
                .matches("httpclient@com\\.acme\\.shop\\.Stock(#\\d+)?, closed");
        button.click();
        assertThat(browser.texts("#routes .pool")).noneMatch(pool -> pool.endsWith(", closed"));
    }

    /** One line to mend is one thing, on however many pools and routes it was met. */
    @Test
    @Order(6)
    void aLineIsToldOnce() {
        Object told = browser.later("""
                const {problems} = await import('/status.js');
                const report = (event, pool, host, line, more) => ({
                  'event.name': event, severity: 'WARN', timestamp: '2026-01-01T00:00:00Z',
                  'poolscope.pool.name': pool, 'server.address': host,
                  ...(line ? {'code.function.name': 'a.B.c', 'code.file.path': 'B.java', 'code.line.number': line} : {})});
                const status = {time: '2026-01-01T00:01:00Z', instrumentations: [], sites: []};
                return problems(status, [], [
                  report('poolscope.leak', 'p#3', 'x', 7), report('poolscope.leak', 'p#2', 'x', 7),
                  report('poolscope.leak', 'p', 'y', 7), report('poolscope.leak', 'p', 'x'),
                  report('poolscope.leak', 'p', 'z'), report('poolscope.leak', 'p', 'x', 9),
                  report('poolscope.undrained', 'p', 'x', 7),
                ]).map(each => [each.tag, each.report['poolscope.pool.name'], each.report['code.line.number'] ?? 0,
                  each.places.join()].join(' '));
                """);

        assertThat(told).isEqualTo(List.of("leak p#3 7 x,y", "leak p 9 x", "leak p 0 z", "undrained p 7 x"));
    }

    /** At first, lines are taken of some requests only: two routes that have lost some without a line are two things. */
    @Test
    @Order(6)
    void aRouteWhoseLineWasNotTakenIsToldOnceAndWithItsOwnReport() {
        Object told = browser.later("""
                const {problems} = await import('/status.js');
                const {keyOf} = await import('/words.js');
                const place = host => ({'poolscope.pool.name': 'p', 'poolscope.client': host + '-client', 'server.address': host});
                const report = host => ({
                  'event.name': 'poolscope.leak', severity: 'WARN', timestamp: '2026-01-01T00:00:00Z', ...place(host)});
                const route = (host, pending) => ({
                  ...place(host), key: keyOf(place(host)), 'poolscope.connection.leaked': 1, 'poolscope.lease.pending': pending,
                  'poolscope.wait.oldest_age': pending, saturation: {used: 1, limit: 1, of: 'route'},
                  holders: [{unknown: 'not taken', count: 1, state: 'leaked'}]});
                const status = {time: '2026-01-01T00:01:00Z', instrumentations: [], sites: []};
                return problems(status, [route('x', 0), route('y', 0), route('z', 2)], [report('z'), report('y'), report('x')])
                  .map(each => [each.tag, each.route?.['server.address'], each.report['server.address']].join(' '));
                """);

        assertThat(told).isEqualTo(List.of("full z z", "leak x x", "leak y y"));
    }

    /** Whatever is reported, also what this page has no word for: a pool that is full comes first. */
    @Test
    @Order(6)
    void whatIsWorstStandsAtTheTop() {
        Object told = browser.later("""
                const {problems} = await import('/status.js');
                const report = (event, line) => ({'event.name': 'poolscope.' + event, severity: 'WARN',
                  timestamp: '2026-01-01T00:00:00Z', 'code.function.name': 'a.B.c', 'code.file.path': 'B.java', 'code.line.number': line});
                const full = {key: 'full', 'poolscope.connection.leaked': 0, 'poolscope.lease.pending': 1,
                  'poolscope.wait.oldest_age': 2, saturation: {used: 1, limit: 1, of: 'route'}, holders: []};
                const status = {time: '2026-01-01T00:01:00Z', instrumentations: [{'poolscope.state': 'tripped'}], sites: []};
                return problems(status, [full], [
                  'unheard.of', 'stale', 'churn', 'undrained', 'leak.suspected', 'leak'].map(report)).map(each => each.tag);
                """);

        assertThat(told).isEqualTo(List.of("blind", "full", "leak", "held", "undrained", "churn", "stale", "report"));
    }

    /** What a hundred routes have in all is not held against the limit of one. */
    @Test
    @Order(6)
    void routesThatAreToldAsOneHaveNoLimitInCommon() {
        Object told = browser.later("""
                const {limitOf, limiter, used} = await import('/status.js');
                const many = {'poolscope.lease.active': 500, 'poolscope.lease.pending': 0,
                  saturation: {used: 1, limit: 2, of: 'route', routes: 270}};
                return [limitOf(many) ?? 'none', used(many), limiter(many)];
                """);

        assertThat(told).isEqualTo(List.of("none", "500", "the fullest of 270 routes: 1 of 2"));
    }

    /** A report is written once a minute at most; what it tells of goes on. */
    @Test
    @Order(6)
    void howOftenIsHowOftenByNow() {
        Object told = browser.later("""
                const {soFar} = await import('/status.js');
                const report = (event, name, total) => ({
                  'event.name': 'poolscope.' + event, 'poolscope.pool.name': 'p', 'poolscope.report.total': total,
                  ...(name ? {'code.function.name': name} : {})});
                const site = (name, leaks, drained) => ({'code.function.name': name, 'poolscope.response.leaks': leaks,
                  'poolscope.response.undrained': {discarded: 0, drained_on_close: drained}});
                const status = {sites: [site('a', 50, 3), site('a', 8, 4), site('b', 100, 100)]};
                const {keyOf} = await import('/words.js');
                const routes = [{key: keyOf(report('stale')), 'poolscope.connection.closes': {stale: 36}}];
                return [report('leak', 'a', 1), report('undrained', 'a', 1), report('stale', undefined, 1), report('leak', undefined, 1),
                  report('leak.suspected', 'a', 5)].map(each => soFar(status, routes, each));
                """);

        assertThat(told).isEqualTo(List.of("58 by now", "7 by now", "36 by now", "", "5 in all"));
    }

    @Test
    @Order(7)
    void aKeyboardIsEnoughAndTheFocusStaysWhereItIs() {
        WebElement button = route("prices:");
        browser.js("document.activeElement.blur()");
        for (int i = 0; i < 40 && !button.equals(browser.find(":focus, body:not(:focus-within)")); i++) {
            browser.press(Keys.TAB);
        }
        assertThat(browser.find(":focus").getText()).as("reached by tabbing").startsWith("prices:");

        browser.press(Keys.ENTER);
        assertThat(button.getAttribute("aria-expanded")).isEqualTo("true");

        browser.awaitUpdates(3);
        assertThat(browser.find(":focus")).isEqualTo(button);
        assertThat(browser.js("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
        browser.press(Keys.SPACE);
        assertThat(button.getAttribute("aria-expanded")).isEqualTo("false");
    }

    @Test
    @Order(8)
    void aScreenReaderFindsItsWay() {
        route("warehouse:");

        String tree = browser.accessibilityTree();

        assertThat(tree)
                .contains(
                        "banner ",
                        "main ",
                        "contentinfo ",
                        "heading Poolscope",
                        "heading Now",
                        "heading Pools and routes")
                .contains("table Pools and routes", "columnheader In use", "rowheader warehouse:")
                .contains("status ")
                .containsPattern("image \\d+( of \\d+)? in use");
    }

    @Test
    @Order(9)
    void nothingIsWrongByTheRulesOfAccessibilityInLightAndInDark() throws Exception {
        browser.await("#problems article", "Indexer.flush", SHOP_TIME);
        for (WebElement each : browser.all("#problems summary")) {
            each.click();
        }
        route("prices:").click();
        route("search:").click();
        browser.all("#report-list summary").get(0).click();
        browser.find("#settings summary").click();
        browser.await("#settings th", "poolscope.port");

        assertThat(browser.inaccessible()).isEmpty();

        Object light = browser.js("return getComputedStyle(document.body).backgroundColor");
        browser.isDark(true);
        assertThat(browser.js("return getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(light)
                .isEqualTo("rgb(18, 21, 24)");
        assertThat(browser.inaccessible()).isEmpty();

        browser.size(360, 740, 2);
        assertThat(browser.inaccessible()).isEmpty();
    }

    @Test
    @Order(10)
    void aNarrowScreenNeedsNoScrollingSideways() {
        for (int width : new int[] {320, 390, 600, 896, 897}) {
            browser.size(width, 800, 1).go(address);
            route("prices:").click();
            route("warehouse:");
            browser.all("#report-list summary").forEach(WebElement::click);
            browser.find("#settings summary").click();
            browser.await("#settings th", "poolscope.port");
            browser.awaitUpdates(1);

            assertThat(browser.js("return document.documentElement.scrollWidth"))
                    .as("at " + width)
                    .isEqualTo((long) width);
        }
    }

    @Test
    @Order(11)
    void nothingIsAskedForWhileNobodyLooksOrItIsPaused() throws Exception {
        browser.js("window.asked = 0; const real = window.fetch;"
                + "window.fetch = (...all) => { window.asked++; return real(...all); };");
        browser.awaitUpdates(2);
        assertThat((Long) browser.js("return window.asked")).isPositive();

        browser.js("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});"
                + "document.dispatchEvent(new Event('visibilitychange'));");
        asksNothing();
        browser.js("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'));");
        browser.awaitUpdates(2);

        WebElement pause = browser.find("#pause");
        pause.click();
        assertThat(pause.getAttribute("aria-pressed")).isEqualTo("true");
        assertThat(browser.text("#live")).startsWith("paused at ");
        asksNothing();
        pause.click();
        browser.awaitUpdates(2);
        assertThat(browser.text("#live")).isEqualTo("live");
    }

    /** For longer than two looks are apart; an answer that was under way may still be followed by what belongs to it. */
    private static void asksNothing() {
        Object[] before = {null};
        Awaitility.await()
                .during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    Object asked = browser.js("return window.asked");
                    boolean isSame = asked.equals(before[0]);
                    before[0] = asked;
                    return isSame;
                });
    }

    @Test
    @Order(12)
    void textCannotBecomeMarkup() {
        assertThat(browser.js("try { document.body.innerHTML = '<b>made</b>'; return 'made'; }"
                        + "catch (refused) { return refused.name; }"))
                .isEqualTo("TypeError");
        assertThat(browser.js(
                        "const style = document.createElement('style'); style.textContent = 'body { color: red }';"
                                + "document.head.append(style); return getComputedStyle(document.body).color"))
                .isNotEqualTo("rgb(255, 0, 0)");
        assertThat(browser.complaints())
                .hasSize(2)
                .allMatch(line -> line.contains("Content Security Policy") || line.contains("TrustedHTML"));
    }

    /** The last: the shop ends. */
    @Test
    @Order(13)
    void whenNobodyAnswersThatIsSaid() throws IOException, InterruptedException {
        shop.destroy();
        shop.waitFor();

        browser.await("#live", "no answer since ");

        assertThat(browser.find("#live").getAttribute("data-state")).isEqualTo("lost");
        assertThat(browser.texts("#routes .place")).as("what was known stays").isNotEmpty();
        assertThat(browser.complaints()).allMatch(line -> line.contains("ERR_CONNECTION"));
    }
}
