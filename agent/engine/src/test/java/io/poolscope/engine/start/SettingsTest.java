package io.poolscope.engine.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void nothingSetMeansDefaultsAndNoWarning() {
        Settings settings = Settings.of(null, Map.of(), Map.of());

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.is(Setting.ENABLED)).isTrue();
        assertThat(settings.choice(Setting.LEAKS)).isEqualTo("adaptive");
        assertThat(settings.nanos(Setting.LEAKS_SUSPECTED_AFTER)).isEqualTo(60_000_000_000L);
        assertThat(settings.port()).isEqualTo(7665);
        assertThat(settings.isSet(Setting.PORT)).isFalse();
        assertThat(settings.list(Setting.SPANS)).containsExactly("wait", "leak");
        assertThat(settings.isEnabled("okhttp")).isTrue();
    }

    @Test
    void argumentsWinOverPropertiesAndPropertiesOverTheEnvironment() {
        Map<String, String> properties = Map.of("poolscope.port", "2", "poolscope.max.pools", "2");
        Map<String, String> environment =
                Map.of("POOLSCOPE_PORT", "3", "POOLSCOPE_MAX_POOLS", "3", "POOLSCOPE_MAX_ROUTES", "3");

        Settings settings = Settings.of("port=1", properties, environment);

        assertThat(settings.port()).isEqualTo(1);
        assertThat(settings.number(Setting.MAX_POOLS)).isEqualTo(2);
        assertThat(settings.number(Setting.MAX_ROUTES)).isEqualTo(3);
    }

    @Test
    void argumentsComeWithOrWithoutPrefixAndWithEitherSeparator() {
        Settings settings = Settings.of("poolscope.leaks=always,log=json;port=off", Map.of(), Map.of());

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.choice(Setting.LEAKS)).isEqualTo("always");
        assertThat(settings.choice(Setting.LOG)).isEqualTo("json");
        assertThat(settings.port()).isEqualTo(Settings.OFF);
    }

    @Test
    void aListInTheArgumentsGoesOnUntilTheNextKey() {
        Settings settings = Settings.of("callsite.skip=com.a,com.b,spans=off,port=1", Map.of(), Map.of());

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.list(Setting.CALLSITE_SKIP)).containsExactly("com.a", "com.b");
        assertThat(settings.list(Setting.SPANS)).isEmpty();
        assertThat(settings.port()).isEqualTo(1);
    }

    @Test
    void durationsAreWrittenAsPeopleWriteThem() {
        assertThat(suspectedAfter("500ms")).isEqualTo(500);
        assertThat(suspectedAfter("2s")).isEqualTo(2_000);
        assertThat(suspectedAfter("5 m")).isEqualTo(300_000);
        assertThat(suspectedAfter("1H")).isEqualTo(3_600_000);
        assertThat(suspectedAfter("1500")).isEqualTo(1_500);
    }

    private static long suspectedAfter(String value) {
        Settings settings = Settings.of("leaks.suspected.after=" + value, Map.of(), Map.of());
        assertThat(settings.warnings()).isEmpty();
        return settings.nanos(Setting.LEAKS_SUSPECTED_AFTER) / 1_000_000;
    }

    @Test
    void aValueThatIsNotUnderstoodIsNamedWithWhatIsAcceptedAndTheDefaultIsUsed() {
        Settings settings = Settings.of("leaks=sometimes", Map.of("poolscope.leaks", "always"), Map.of());

        assertThat(settings.warnings())
                .containsExactly("poolscope.leaks=sometimes is not understood (off, count, adaptive, always);"
                        + " adaptive is used");
        assertThat(settings.choice(Setting.LEAKS)).isEqualTo("adaptive");
    }

    @Test
    void everyMalformedValueIsOneWarning() {
        assertWarned("port=70000", "poolscope.port=70000 is not understood (0 to 65535, or off); 7665 is used");
        assertWarned("port=-1", "poolscope.port=-1 is not understood (0 to 65535, or off); 7665 is used");
        assertWarned("max.pools=0", "poolscope.max.pools=0 is not understood (a whole number from 1 on); 50 is used");
        assertWarned(
                "report.window=1 week",
                "poolscope.report.window=1 week is not understood (500ms, 2s, 5m, 1h, or milliseconds); 60s is used");
        assertWarned(
                "report.window=99999999999999999999s",
                "poolscope.report.window=99999999999999999999s is not understood (500ms, 2s, 5m, 1h, or milliseconds);"
                        + " 60s is used");
        assertWarned("enabled=yes", "poolscope.enabled=yes is not understood (true, false); true is used");
        assertWarned(
                "spans=wait,leek",
                "poolscope.spans=wait,leek is not understood (a list of wait, leak, setup, off); wait,leak is used");
        assertWarned("nonsense", "the agent's argument nonsense is not understood (key=value,key=value)");
    }

    @Test
    void anUnknownKeyIsNamedWithTheOneThatWasProbablyMeant() {
        assertWarned("leak=off", "poolscope.leak=off is not known; did you mean poolscope.leaks?");
        assertWarned(
                "suspected.after=1s",
                "poolscope.suspected.after=1s is not known; did you mean poolscope.leaks.suspected.after?");
        assertThat(Settings.of("foo=bar,colour=red", Map.of(), Map.of()).warnings())
                .satisfiesExactlyInAnyOrder(
                        warning -> assertThat(warning)
                                .startsWith("poolscope.foo=bar is not known and ignored\nknown  enabled, leaks, ")
                                .contains(", port, "),
                        warning -> assertThat(warning).startsWith("poolscope.colour=red is not known and ignored\n"));
    }

    private static void assertWarned(String arguments, String warning) {
        assertThat(Settings.of(arguments, Map.of(), Map.of()).warnings()).containsExactly(warning);
    }

    @Test
    void aWarningNamesTheEnvironmentVariableAsTheUserWroteIt() {
        Settings settings = Settings.of(null, Map.of(), Map.of("POOLSCOPE_LOG", "xml"));

        assertThat(settings.warnings())
                .containsExactly("POOLSCOPE_LOG=xml is not understood (text, json, off); text is used");
    }

    @Test
    void anEmptyValueCountsAsNotSet() {
        Settings settings = Settings.of("log=", Map.of("poolscope.log", "json"), Map.of("POOLSCOPE_PORT", " "));

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.choice(Setting.LOG)).isEqualTo("json");
        assertThat(settings.isSet(Setting.PORT)).isFalse();
    }

    @Test
    void theVariablesOfAKubernetesServiceNamedPoolscopeAreNotOurs() {
        Settings settings = Settings.of(
                null,
                Map.of(),
                Map.of(
                        "POOLSCOPE_PORT", "tcp://10.0.0.7:7665",
                        "POOLSCOPE_PORT_7665_TCP_ADDR", "10.0.0.7",
                        "POOLSCOPE_SERVICE_HOST", "10.0.0.7"));

        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.port()).isEqualTo(7665);
    }

    @Test
    void aClientIsSwitchedOffByNameInEverySource() {
        assertThat(Settings.of("instrumentation.okhttp.enabled=false", Map.of(), Map.of())
                        .isEnabled("okhttp"))
                .isFalse();
        Settings byEnvironment =
                Settings.of(null, Map.of(), Map.of("POOLSCOPE_INSTRUMENTATION_APACHE_HTTPCLIENT_4_ENABLED", "false"));
        assertThat(byEnvironment.isEnabled("apache-httpclient-4")).isFalse();
        assertThat(byEnvironment.isEnabled("okhttp")).isTrue();
        assertThat(byEnvironment.clientsNamed()).containsExactly("apache-httpclient-4");
    }

    @Test
    void everySettingAcceptsItsOwnDefaultAndIsExplained() {
        for (Setting setting : Setting.values()) {
            assertThat(setting.byDefault().isEmpty() || setting.accepts(setting.byDefault()))
                    .as(setting.key())
                    .isTrue();
            assertThat(setting.meaning()).as(setting.key()).endsWith(".");
        }
    }

    @Test
    void aSecretWhoseKeyIsMisspeltIsNotRepeated() {
        for (String key : new String[] {"page.tokn", "pagetoken", "page_token", "token", "page.tocen"}) {
            assertThat(Settings.of(key + "=hunter2hunter2", Map.of(), Map.of()).warnings())
                    .as(key)
                    .singleElement()
                    .asString()
                    .contains(key + "=... is not known")
                    .doesNotContain("hunter2");
        }
    }
}
