package io.poolscope.testkit.baddays;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that may do what it needs and nothing else (up to Java 23): what we need is not its business. */
class SecurityManagerIT extends BadDays {

    private static final String POLICY = """
            grant {
                permission java.net.SocketPermission "127.0.0.1", "connect,resolve";
                permission java.util.PropertyPermission "baddays.*", "read";
                permission java.util.PropertyPermission "http.*", "read";
                permission java.util.PropertyPermission "java.version", "read";
                permission java.util.PropertyPermission "org.apache.commons.logging.*", "read";
                permission java.lang.RuntimePermission "exitVM.7";
                permission java.lang.RuntimePermission "getClassLoader";
                permission java.util.logging.LoggingPermission "control";
            };
            """;

    @ParameterizedTest
    @ValueSource(ints = {17})
    void underASecurityManagerTheApplicationIsWatched(int jdk) throws Exception {
        Path policy = Files.writeString(directory.resolve("application.policy"), POLICY);
        errands(jdk, HTTPCLIENT)
                .jvm("-Djava.security.manager", "-Djava.security.policy==" + policy)
                .run()
                .saysThatItWatches(said(HTTPCLIENT))
                .countsErrandsOf(1);
    }
}
