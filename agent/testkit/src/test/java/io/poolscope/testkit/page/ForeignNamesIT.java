package io.poolscope.testkit.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Jvms;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebElement;

/**
 * An application whose host, class and source file have names that are markup. A class may be named so (JVMS 4.2.1), and a
 * host comes from wherever the application has its addresses from. What cannot be seen is written out.
 */
@EnabledIf(value = "io.poolscope.testkit.page.Browser#isHere", disabledReason = Browser.ABSENT)
class ForeignNamesIT {

    private static final Path AGENT = Path.of(System.getProperty("poolscope.agent.jar"));
    private static final Path LIBRARIES = Path.of(System.getProperty("poolscope.kit.libs"), "httpclient-4.5.14");
    private static final Pattern ADDRESS = Pattern.compile("see (http://127\\.0\\.0\\.1:\\d+/)");

    private static final String HOST = "<img/src=x/onerror=alert(1)>";
    private static final String TYPE = "<script>alert(1)<\\script><b onclick=\"alert(1)\">";
    private static final String FILE = "<svg onload=alert(1)>\u202e.java";
    private static final String FILE_SHOWN = "<svg onload=alert(1)>\\u202e.java";

    private static final String CALLER = """
            package com.acme;
            import org.apache.http.*;
            import org.apache.http.client.methods.*;
            import org.apache.http.config.*;
            import org.apache.http.conn.socket.*;
            import org.apache.http.impl.client.*;
            import org.apache.http.impl.conn.*;
            public class Caller implements java.util.function.Function<HttpHost, Object> {
                static final PoolingHttpClientConnectionManager POOL = new PoolingHttpClientConnectionManager(
                        RegistryBuilder.<ConnectionSocketFactory>create()
                                .register("http", PlainConnectionSocketFactory.getSocketFactory()).build(),
                        host -> new java.net.InetAddress[] {java.net.InetAddress.getLoopbackAddress()});
                static final CloseableHttpClient CLIENT = HttpClients.custom().setConnectionManager(POOL).build();
                static { POOL.setDefaultMaxPerRoute(1); }
                public Object apply(HttpHost host) {
                    try {
                        return CLIENT.execute(host, new HttpGet("/"));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
            """;

    private static final String MAIN = """
            package com.acme;
            import java.net.*;
            import java.nio.file.*;
            import org.apache.http.HttpHost;
            public class Main extends ClassLoader {
                Main() { super(Main.class.getClassLoader()); }
                static Object held;
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    Thread serving = new Thread(() -> serve(server));
                    serving.setDaemon(true);
                    serving.start();
                    byte[] bytes = Files.readAllBytes(Paths.get(arguments[0]));
                    @SuppressWarnings("unchecked")
                    java.util.function.Function<HttpHost, Object> caller = (java.util.function.Function<HttpHost, Object>)
                            new Main().defineClass(null, bytes, 0, bytes.length).getConstructor().newInstance();
                    HttpHost host = new HttpHost(arguments[1], server.getLocalPort());
                    held = caller.apply(host);
                    caller.apply(host); // waits for ever: the one connection is held
                }
                static void serve(ServerSocket server) {
                    while (true) {
                        try (Socket socket = server.accept()) {
                            while (socket.getInputStream().read() != '\\n') { }
                            socket.getOutputStream().write("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok".getBytes());
                            while (socket.getInputStream().read() >= 0) { }
                        } catch (java.io.IOException next) {
                        }
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void namesThatAreMarkupAreShownAsText() throws Exception {
        try (Browser browser = Browser.open()) {
            Process process = start();
            try {
                looksAt(browser, address());
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private void looksAt(Browser browser, String address) {
        browser.go(address);

        WebElement row = browser.await("#routes .place", HOST);
        assertThat(row.getText()).startsWith(HOST + ":");
        assertThat(browser.text("#routes .pool")).isEqualTo("httpclient@com.acme." + TYPE);

        String line = "com.acme." + TYPE + ".apply(" + FILE_SHOWN + ":";
        WebElement full = browser.await("#problems article[data-tag=full]", HOST);
        assertThat(full.getText()).contains(line).contains("1 of 1 in use, 1 waiting");
        // As the console has it, which is ASCII only.
        WebElement report = browser.await("#report-list details", "EXHAUSTED");
        report.findElement(org.openqa.selenium.By.tagName("summary")).click();
        assertThat(report.getText()).contains(HOST, "<svg onload=alert(1)>\\u202e");
        browser.awaitUpdates(3);

        assertThat(browser.all("main img, main script, main svg, main b")).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    private String address() {
        String[] address = new String[1];
        Awaitility.await("the banner").atMost(Duration.ofSeconds(60)).until(() -> {
            Matcher banner = ADDRESS.matcher(Files.readString(folder.resolve("stderr")));
            address[0] = banner.find() ? banner.group(1) : null;
            return address[0] != null;
        });
        return address[0];
    }

    private Process start() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("com/acme"));
        Path caller = Files.writeString(sources.resolve("Caller.java"), CALLER);
        Path main = Files.writeString(sources.resolve("Main.java"), MAIN);
        String libraries;
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            libraries = jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-nowarn",
                        "-g",
                        "-cp",
                        libraries,
                        "-d",
                        folder.toString(),
                        caller.toString(),
                        main.toString());
        assertThat(compiled).isZero();
        Path renamed = folder.resolve("renamed");
        Files.write(renamed, renamed(Files.readAllBytes(sources.resolve("Caller.class"))));
        return new ProcessBuilder(List.of(
                        Jvms.java(Path.of(System.getProperty("java.home"))).toString(),
                        "-Dpoolscope.port=0",
                        "-Dpoolscope.leaks=always",
                        "-Dpoolscope.exhausted.after=1s",
                        "-javaagent:" + AGENT,
                        "-cp",
                        folder + File.pathSeparator + libraries,
                        "com.acme.Main",
                        renamed.toString(),
                        HOST))
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile())
                .start();
    }

    private static byte[] renamed(byte[] bytes) {
        ClassWriter writer = new ClassWriter(0);
        ClassVisitor sourceToo = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visitSource(String source, String debug) {
                super.visitSource(FILE, debug);
            }
        };
        new ClassReader(bytes)
                .accept(
                        new ClassRemapper(sourceToo, new Remapper(Opcodes.ASM9) {
                            @Override
                            public String map(String name) {
                                return name.equals("com/acme/Caller") ? "com/acme/" + TYPE : name;
                            }
                        }),
                        0);
        return writer.toByteArray();
    }
}
