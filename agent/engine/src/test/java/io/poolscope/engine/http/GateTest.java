package io.poolscope.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.start.Settings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may ask for what. */
class GateTest {

    private static final String TOKEN = "correct horse battery";

    private static final Handler METRICS = (path, header) -> Answer.text(200, "metrics");
    private static final Handler PAGE = (path, header) -> Answer.text(200, "page " + path);

    private static int status(Gate gate, String path, String... headers) {
        return answer(gate, path, headers).status();
    }

    private static Answer answer(Gate gate, String path, String... headers) {
        return gate.answer(path, name -> {
            for (int i = 0; i < headers.length; i += 2) {
                if (headers[i].equals(name)) {
                    return headers[i + 1];
                }
            }
            return null;
        });
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void onLoopbackWhoNamesThisMachineGetsBoth() {
        Gate gate = new Gate(true, METRICS, PAGE, "");

        for (String host : List.of("localhost", "LocalHost:7665", "127.0.0.1:7665", "[::1]:7665", "10.1.2.3")) {
            assertThat(status(gate, "/metrics", "Host", host)).as(host).isEqualTo(200);
            assertThat(status(gate, "/api/v1/status", "Host", host)).as(host).isEqualTo(200);
        }
        for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "a[::1]")) {
            assertThat(status(gate, "/metrics", "Host", host)).as(host).isEqualTo(403);
            assertThat(status(gate, "/", "Host", host)).as(host).isEqualTo(403);
        }
        assertThat(status(gate, "/")).isEqualTo(403);
    }

    @Test
    void anotherSiteCanLinkToItAndNothingElse() {
        Gate gate = new Gate(true, METRICS, PAGE, "");

        for (String site : List.of("cross-site", "same-site")) {
            for (String path : List.of("/", "/metrics", "/api/v1/status")) {
                assertThat(status(gate, path, "Host", "localhost", "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "no-cors"))
                        .isEqualTo(403);
                assertThat(status(
                                gate,
                                path,
                                "Host",
                                "localhost",
                                "Sec-Fetch-Site",
                                site,
                                "Sec-Fetch-Mode",
                                "navigate",
                                "Sec-Fetch-Dest",
                                "iframe"))
                        .isEqualTo(403);
            }
            assertThat(status(
                            gate,
                            "/",
                            "Host",
                            "localhost",
                            "Sec-Fetch-Site",
                            site,
                            "Sec-Fetch-Mode",
                            "navigate",
                            "Sec-Fetch-Dest",
                            "document"))
                    .isEqualTo(200);
        }
        assertThat(status(gate, "/api/v1/status", "Host", "localhost", "Sec-Fetch-Site", "same-origin"))
                .isEqualTo(200);
        assertThat(status(gate, "/", "Host", "localhost", "Sec-Fetch-Site", "none"))
                .isEqualTo(200);
    }

    @Test
    void withoutAPageThereAreOnlyMetrics() {
        Gate gate = new Gate(false, METRICS, null, "");

        assertThat(status(gate, "/metrics", "Host", "pod-17.shop.example")).isEqualTo(200);
        assertThat(status(gate, "/", "Host", "pod-17.shop.example")).isEqualTo(404);
        assertThat(status(gate, "/api/v1/status", "Host", "pod-17.shop.example"))
                .isEqualTo(404);
    }

    @Test
    void aTokenIsForThePageOnlyAndHasToBeRight() {
        Gate gate = new Gate(false, METRICS, PAGE, TOKEN);

        assertThat(status(gate, "/metrics")).isEqualTo(200);
        assertThat(status(gate, "/", "Authorization", "Bearer " + TOKEN)).isEqualTo(200);
        assertThat(status(gate, "/", "Authorization", "bearer  " + TOKEN)).isEqualTo(200);
        assertThat(status(gate, "/", "Authorization", basic("anybody", TOKEN))).isEqualTo(200);
        assertThat(status(gate, "/api/v1/status", "Authorization", basic("", TOKEN)))
                .isEqualTo(200);
        for (String wrong : List.of(
                "",
                "Bearer",
                "Bearer ",
                TOKEN,
                "Bearer " + TOKEN + "x",
                "Bearer " + TOKEN.substring(1),
                "Digest " + TOKEN,
                basic(TOKEN, ""),
                basic("anybody", TOKEN.toUpperCase()),
                "Basic !!!")) {
            assertThat(status(gate, "/", "Authorization", wrong)).as(wrong).isEqualTo(401);
        }
        assertThat(answer(gate, "/api/v1/status").headers())
                .containsEntry("WWW-Authenticate", "Basic realm=\"Poolscope\", charset=\"UTF-8\"");
    }

    @Test
    void aTokenOnLoopbackIsAskedForAsWell() {
        Gate gate = new Gate(true, METRICS, PAGE, TOKEN);

        assertThat(status(gate, "/", "Host", "localhost")).isEqualTo(401);
        assertThat(status(gate, "/", "Host", "localhost", "Authorization", "Bearer " + TOKEN))
                .isEqualTo(200);
        assertThat(status(gate, "/", "Host", "evil.example", "Authorization", "Bearer " + TOKEN))
                .isEqualTo(403);
    }

    @Test
    void aPageIsAdmittedOnLoopbackAndElsewhereWithATokenThatCannotBeGuessed() {
        assertThat(admits("")).isTrue();
        assertThat(admits("page=false")).isFalse();
        assertThat(admits("host=0.0.0.0")).isFalse();
        assertThat(admits("host=0.0.0.0;page.token=0123456789abcdef")).isTrue();
        assertThat(admits("host=0.0.0.0;page.token=short")).isFalse();
        assertThat(admits("page.token=short"))
                .as("asked for, and so it is meant")
                .isFalse();
        assertThat(admits("host=0.0.0.0;page=false;page.token=0123456789abcdef"))
                .isFalse();
    }

    private static boolean admits(String arguments) {
        return Gate.admitsPage(Settings.of(arguments, Map.of(), Map.of()));
    }
}
