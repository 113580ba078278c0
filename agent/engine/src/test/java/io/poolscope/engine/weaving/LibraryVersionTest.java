package io.poolscope.engine.weaving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.instrumentation.Library;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryVersionTest {

    private static final String MAVEN = "META-INF/maven/org.wire/wire/pom.properties";
    private static final String OWN = "org/wire/version.properties";
    private static final Copy ORIGINAL = Copy.original(null);
    private static final Copy COPY = Copy.moved(null, "org/wire", "com/acme/wire");

    private final Library library = Library.client("wire", "org.wire", "wire").versionIn(OWN);

    @Test
    void whatLiesBesideTheClassesIsBelievedFirst() {
        // As where the jar of somebody who has copied another version comes first.
        assertThat(version(ORIGINAL, Map.of(OWN, "info.release = 4.5", MAVEN, "version=4.4")))
                .isEqualTo("4.5");
        assertThat(version(ORIGINAL, Map.of(OWN, "info.release = ${pom.version}", MAVEN, "version=4.4")))
                .isEqualTo("4.4");
        assertThat(version(ORIGINAL, Map.of(MAVEN, "version=4.4"))).isEqualTo("4.4");
        assertThat(version(ORIGINAL, Map.of())).isEqualTo("9.9");
    }

    @Test
    void aCopyHasItsOwnVersionAndNotThatOfTheJarItIsIn() {
        String moved = "com/acme/wire/version.properties";
        assertThat(version(COPY, Map.of(moved, "info.release=4.3", OWN, "info.release=4.5", MAVEN, "version=4.4")))
                .isEqualTo("4.3");
        assertThat(version(COPY, Map.of(OWN, "info.release=4.5", MAVEN, "version=4.4")))
                .isEqualTo(LibraryVersion.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.7", "5.7-alpha1", "5.7.1", "5.10", "6", "6.0-beta2"})
    void fromAVersionOn(String version) {
        assertThat(LibraryVersion.isFrom("5.7", version)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.6.5", "5.6-beta1", "5", "4.9", "unknown", ""})
    void beforeAVersion(String version) {
        assertThat(LibraryVersion.isFrom("5.7", version)).isFalse();
    }

    private String version(Copy copy, Map<String, String> files) {
        ClassLoader loader = new ClassLoader(null) {
            @Override
            public InputStream getResourceAsStream(String name) {
                String text = files.get(name);
                return text == null ? null : new ByteArrayInputStream(text.getBytes(UTF_8));
            }
        };
        return LibraryVersion.of(library, copy, loader, new ProtectionDomain(jar(), null));
    }

    private static CodeSource jar() {
        try {
            URL url = URI.create("file:///lib/wire-9.9.jar").toURL();
            return new CodeSource(url, (Certificate[]) null);
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
