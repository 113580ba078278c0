package io.poolscope.dist;

import static io.poolscope.dist.Launch.AGENT;
import static io.poolscope.dist.Launch.jvm;
import static io.poolscope.dist.Launch.thisJvm;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts JVMs with the finished jar: the application runs as if the agent were not there, whatever the day brings. */
class StartIT {

    private static final String TELLS = "System.out.print(\"engine starts: \" + arguments + \"\\n\");";

    private static final String INSTANT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @TempDir
    Path directory;

    private String classPath;

    @BeforeEach
    void compileTheApplication() throws Exception {
        classPath = Program.application(directory).toString();
    }

    @ParameterizedTest
    @CsvSource({"java, -version", "javac, -version", "keytool, -help", "jar, --version"})
    void theToolsOfTheJdkSpeakAsWithoutTheAgent(String tool, String option) throws Exception {
        Launch without = Launch.run(thisJvm(), tool, Map.of(), option);
        String options = "-javaagent:" + AGENT;
        Launch with = Launch.run(thisJvm(), tool, Map.of("JAVA_TOOL_OPTIONS", options), option);
        String pickedUp = "Picked up JAVA_TOOL_OPTIONS: " + options + System.lineSeparator();
        assertThat(with.err()).startsWith(pickedUp);
        assertThat(new Launch(with.exit(), with.out(), with.err().substring(pickedUp.length())))
                .isEqualTo(without);
    }

    @Test
    void anApplicationStartsInSilenceAndSeesNothingOfTheAgent() throws Exception {
        assertThat(start(thisJvm(), AGENT).ranInSilence().out()).isEqualTo(Program.OUTPUT);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 21, 26})
    void itStartsOnJava(int version) throws Exception {
        start(jvm(version), AGENT).ranInSilence();
    }

    @Test
    void java8IsRefusedInOneLine() throws Exception {
        Launch launch = start(jvm(8), AGENT, AGENT).ran();
        assertThat(launch.err())
                .matches(INSTANT + " WARN \\[poolscope] needs Java 11 or newer, this is Java 1\\.8\\.0_\\S+ \\(.+\\);"
                        + " the application starts without it\\R");
    }

    @Test
    void theEngineGetsArgumentsAndJarAndALoaderOfItsOwnUnderThePlatformLoader() throws Exception {
        Path agent = Program.agentThat("""
                ClassLoader own = Engine.class.getClassLoader();
                System.out.print(arguments + " " + jar + " " + (own.getParent() == ClassLoader.getPlatformClassLoader())
                        + " " + Engine.class.getPackage().getName()
                        + " " + (own.getResource("io/poolscope/engine/start/Engine.class").openStream().read() == 0xCA)
                        + " " + (Engine.class.getResourceAsStream("Engine.class").read() == 0xCA)
                        + " " + (own.getResource("java/lang/Object.class") != null)
                        + " " + java.util.Collections.list(own.getResources(
                                "META-INF/services/io.opentelemetry.sdk.common.export.HttpSenderProvider")).size()
                        + " " + i.isRetransformClassesSupported() + "\\n");
                """, directory.resolve("poolscope-agent.jar"));
        Launch launch = Launch.run(
                thisJvm(), "java", Map.of(), "-javaagent:" + agent + "=a=b", "-cp", classPath, "Application");
        assertThat(launch.out())
                .isEqualTo("a=b " + agent + " true io.poolscope.engine.start true true true 1 true\n" + Program.OUTPUT);
        assertThat(launch.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 26})
    void theBundledLibrariesWorkAndLogToUsAlone(int version) throws Exception {
        Path agent = Program.agentThat("""
                java.util.Set<String> logged = java.util.concurrent.ConcurrentHashMap.newKeySet();
                io.poolscope.engine.logging.LibraryLogger.forwardTo((level, message) -> logged.add(level));
                java.util.Map<String, String> settings = java.util.Map.of(
                        "otel.traces.exporter", "none", "otel.logs.exporter", "none", "otel.metrics.exporter", "otlp",
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        "otel.exporter.otlp.endpoint", "http://127.0.0.1:9",
                        "otel.java.exporter.otlp.retry.disabled", "true");
                io.opentelemetry.sdk.OpenTelemetrySdk sdk =
                        io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk.builder()
                                .addPropertiesSupplier(() -> settings).disableShutdownHook().build()
                                .getOpenTelemetrySdk();
                sdk.getMeter("m").counterBuilder("c").build().add(1);
                sdk.getSdkMeterProvider().forceFlush().join(10, java.util.concurrent.TimeUnit.SECONDS);
                System.out.println(logged.contains("SEVERE") ? "the exporter complains to us" : "" + logged);
                Class<?> woven = new net.bytebuddy.ByteBuddy().subclass(Object.class)
                        .method(net.bytebuddy.matcher.ElementMatchers.named("toString"))
                        .intercept(net.bytebuddy.implementation.FixedValue.value("woven"))
                        .make().load(Engine.class.getClassLoader()).getLoaded();
                System.out.println(woven.getConstructor().newInstance());
                System.out.println(io.prometheus.metrics.expositionformats.ExpositionFormats.init().findWriter(
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily,text/plain")
                        .getContentType());
                """, directory.resolve("poolscope-agent.jar"));
        Launch launch = Launch.run(
                version == 17 ? thisJvm() : jvm(version),
                "java",
                Map.of(),
                // The JVM complains about it, on stderr, as soon as somebody initialises logging.
                "-Djava.util.logging.manager=not.There",
                "-javaagent:" + agent,
                "-cp",
                classPath,
                "Application");
        assertThat(launch.err()).isEmpty();
        assertThat(launch.out())
                .isEqualTo("the exporter complains to us\nwoven\ntext/plain; version=0.0.4; charset=utf-8\n"
                        + Program.OUTPUT);
    }

    @Test
    void theNameThatItHasInAMavenRepositoryIsGoodToo() throws Exception {
        Path agent = Program.agentThat(
                TELLS, directory.resolve("poolscope-agent-" + System.getProperty("poolscope.agent.version") + ".jar"));
        Files.writeString(directory.resolve("poolscope-agent.jar"), "an older one, which must not be used");
        Launch launch = start(thisJvm(), agent);
        assertThat(launch.out()).isEqualTo("engine starts: null\n" + Program.OUTPUT);
        assertThat(launch.err()).isEmpty();
    }

    @Test
    void aRenamedJarWorks() throws Exception {
        startsOnceThough(Program.agentThat(TELLS, directory.resolve("renamed.jar")));
    }

    @Test
    void aPathWithBlanksAndUmlautsWorks() throws Exception {
        Assumptions.assumeTrue(
                Charset.forName(System.getProperty("sun.jnu.encoding"))
                        .newEncoder()
                        .canEncode("ü"),
                "this locale has no file names with umlauts");
        Path awkward = Files.createDirectory(directory.resolve("große Übung %20 + #1!"));
        startsOnceThough(Program.agentThat(TELLS, awkward.resolve("poolscope-agent.jar")));
        startsOnceThough(Program.agentThat(TELLS, awkward.resolve("grün.jar")));
    }

    @Test
    void aSymbolicLinkWorks() throws Exception {
        Path target = Program.agentThat(
                TELLS, Files.createDirectory(directory.resolve("v1")).resolve("poolscope-agent.jar"));
        startsOnceThough(Files.createSymbolicLink(directory.resolve("link.jar"), target));
        startsOnceThough(Files.createSymbolicLink(directory.resolve("poolscope-agent.jar"), target));
    }

    @Test
    void attachedTwiceItStartsOnce() throws Exception {
        Path agent = Program.agentThat(TELLS, directory.resolve("poolscope-agent.jar"));
        Path renamed = Files.copy(agent, directory.resolve("renamed.jar"));
        for (Path second : new Path[] {agent, renamed}) {
            assertThat(start(thisJvm(), agent, second).out()).isEqualTo("engine starts: null\n" + Program.OUTPUT);
        }
        assertThat(start(thisJvm(), renamed, agent).out()).isEqualTo("engine starts: null\n" + Program.OUTPUT);
        assertThat(start(thisJvm(), renamed, renamed).out()).isEqualTo("engine starts: null\n" + Program.OUTPUT);
    }

    @Test
    void attachedToARunningJvmItStartsOnce() throws Exception {
        Program.attachingApplication(directory);
        Path agent = Program.agentThat(TELLS, directory.resolve("poolscope-agent.jar"));
        Launch launch = Launch.run(
                thisJvm(),
                "java",
                Map.of(),
                "-Djdk.attach.allowAttachSelf=true",
                "-cp",
                classPath,
                "Attaching",
                agent.toString());
        assertThat(launch.ran().out()).isEqualTo(Program.OUTPUT + "engine starts: late\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw new IllegalStateException(\"two\\nlines\");", "throw new StackOverflowError();"})
    void whatTheEngineThrowsIsOneLineAndTheApplicationStarts(String statement) throws Exception {
        isOneErrorLine(start(thisJvm(), Program.agentThat(statement, directory.resolve("poolscope-agent.jar"))));
    }

    @Test
    void aJarWithoutItsEngineIsOneLineAndTheApplicationStarts() throws Exception {
        isOneErrorLine(start(thisJvm(), Program.agentWithEngine(null, directory.resolve("poolscope-agent.jar"))));
    }

    @Test
    void aDamagedEngineIsOneLineAndTheApplicationStarts() throws Exception {
        byte[] half = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 55, 0};
        isOneErrorLine(start(thisJvm(), Program.agentWithEngine(half, directory.resolve("poolscope-agent.jar"))));
    }

    private void isOneErrorLine(Launch launch) {
        assertThat(launch.ran().err())
                .matches(INSTANT + " ERROR \\[poolscope] could not start, the application starts without it: .+\\R");
    }

    /** The JVM may say that it stops sharing class data, which it does for a jar appended to the boot path. */
    private void startsOnceThough(Path agent) throws Exception {
        Launch launch = start(thisJvm(), agent);
        assertThat(launch.out().replaceFirst("^.*Sharing is only supported.*\\R", ""))
                .isEqualTo("engine starts: null\n" + Program.OUTPUT);
        assertThat(launch.err().replaceFirst("^.*Sharing is only supported.*\\R", ""))
                .isEmpty();
    }

    private Launch start(Path home, Path... agents) throws Exception {
        String[] command = new String[agents.length + 3];
        for (int i = 0; i < agents.length; i++) {
            command[i] = "-javaagent:" + agents[i];
        }
        command[agents.length] = "-cp";
        command[agents.length + 1] = classPath;
        command[agents.length + 2] = "Application";
        return Launch.run(home, "java", Map.of(), command);
    }
}
