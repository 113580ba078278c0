package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application of modules, whose module graph is no larger than it needs. */
class ModularIT extends BadDays {

    private static final String MODULE = """
            module com.acme.modular {
                requires org.apache.httpcomponents.httpclient;
                requires org.apache.httpcomponents.httpcore;
                requires java.logging;
                requires java.naming;
                requires java.security.jgss;
            }
            """;

    private static final String MAIN = """
            package com.acme.modular;
            import org.apache.http.client.methods.*;
            import org.apache.http.impl.client.*;
            import org.apache.http.util.EntityUtils;
            public class Main {
                static CloseableHttpClient client = HttpClients.createDefault();
                public static void main(String[] arguments) throws Exception {
                    for (String path : new String[] {"/bytes/100", "/chunked/30000", "/missing/10"}) {
                        try (CloseableHttpResponse response = client.execute(new HttpGet(arguments[0] + path))) {
                            System.out.println(response.getStatusLine() + " "
                                    + EntityUtils.toByteArray(response.getEntity()).length);
                        }
                    }
                    System.out.println(Main.class.getModule() + " " + client.getClass().getModule());
                    System.in.read();
                    System.exit(7);
                }
            }
            """;

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void anApplicationOfModulesIsWatched(int jdk) throws Exception {
        counts(modular(jdk).run().saysThatItWatches("httpclient 4.5.14"));
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aModuleThatTheApplicationDoesWithoutServesTheMetrics(int jdk) throws Exception {
        counts(modular(jdk)
                .jvm(
                        "--limit-modules",
                        "java.base,java.logging,java.naming,java.security.jgss,java.instrument,com.acme.modular,"
                                + "org.apache.httpcomponents.httpclient,org.apache.httpcomponents.httpcore,"
                                + "commons.logging,org.apache.commons.codec",
                        "-Dpoolscope.port=0")
                .run()
                .says("INFO \\[poolscope] \\S+ watches httpclient 4\\.5\\.14; see http://127\\.0\\.0\\.1:\\d+/"));
    }

    private static void counts(Ran ran) {
        ran.hasNoFailures()
                .counts(1, Contract.GRANTED, Contract.REUSED, "false")
                .counts(2, Contract.GRANTED, Contract.REUSED, "true")
                .counts(0, Contract.ACTIVE);
    }

    private App modular(int jdk) throws Exception {
        List<Path> libraries = App.library(HTTPCLIENT);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path main = Files.writeString(directory.resolve("Main.java"), MAIN);
        Path module = Files.writeString(directory.resolve("module-info.java"), MODULE);
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "11",
                        "-nowarn",
                        "--module-path",
                        App.path(libraries),
                        "-d",
                        classes.toString(),
                        main.toString(),
                        module.toString());
        assertThat(compiled).isZero();
        return App.on(jdk)
                .untilExported()
                .without("classes")
                .with(libraries)
                .with(List.of(classes))
                .module("com.acme.modular/com.acme.modular.Main", site.url());
    }
}
