package io.poolscope.engine.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The static files: whole, of the right types, and with nothing in them that the policy forbids. What they do is seen in a browser. */
class PageFilesTest {

    private static final Map<String, String> TYPES = Map.of(
            "/", "text/html; charset=utf-8",
            "/page.css", "text/css; charset=utf-8",
            "/page.js", "text/javascript; charset=utf-8",
            "/uplot.css", "text/css; charset=utf-8",
            "/uplot.js", "text/javascript; charset=utf-8",
            "/icon.svg", "image/svg+xml");

    private static final List<String> SCRIPTS =
            List.of("page", "reports", "routes", "charts", "status", "nodes", "words");

    private final Scene scene = new Scene("");

    @AfterEach
    void close() {
        scene.close();
    }

    private String body(String path) throws Exception {
        return scene.get(path).body();
    }

    @Test
    void everyFileIsServedAsWhatItIs() throws Exception {
        for (Map.Entry<String, String> file : TYPES.entrySet()) {
            HttpResponse<String> response = scene.get(file.getKey());

            assertThat(response.statusCode()).as(file.getKey()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains(file.getValue());
            assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("script-src 'self';")
                    .doesNotContain("unsafe", "*", "http");
            assertThat(response.body()).isNotBlank();
        }
    }

    @Test
    void thePageNeedsNothingThatIsNotServedHere() throws Exception {
        List<String> needed = new ArrayList<>();
        Matcher reference = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(body("/"));
        while (reference.find()) {
            needed.add(reference.group(1));
        }
        assertThat(needed).contains("page.js", "page.css", "uplot.js", "uplot.css", "icon.svg", "api/v1/status");
        for (String path : needed) {
            if (!path.startsWith("#")) {
                assertThat(scene.get("/" + path).statusCode()).as(path).isEqualTo(200);
            }
        }
        assertThat(body("/page.css")).doesNotContain("url(", "@import");
        for (String script : SCRIPTS) {
            Matcher imported = Pattern.compile("from '\\./(\\w+)\\.js'").matcher(body("/" + script + ".js"));
            while (imported.find()) {
                assertThat(SCRIPTS).contains(imported.group(1));
            }
        }
    }

    @Test
    void nothingInThePageIsWhatThePolicyForbids() throws Exception {
        assertThat(body("/"))
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("<style")
                .doesNotContainPattern("\\son\\w+=")
                .doesNotContainPattern("\\sstyle=")
                .doesNotContain("javascript:");
        for (String script : SCRIPTS) {
            assertThat(body("/" + script + ".js"))
                    .as(script)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")
                    .doesNotContain("localStorage", "cookie", "http://", "https://");
        }
    }
}
