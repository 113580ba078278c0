package io.poolscope.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.logging.LibraryLogger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Opens the jar that ships. It lies on the application's class path, so what is at its root, applications see. */
class PackagingIT {

    private static final Path FILE = Path.of(System.getProperty("poolscope.agent.jar"));

    private JarFile jar;

    @BeforeEach
    void open() throws IOException {
        jar = new JarFile(FILE.toFile());
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @Test
    void theJarIsAtMostTenMegabytes() throws IOException {
        assertThat(Files.size(FILE)).isLessThanOrEqualTo(10_000_000);
    }

    @Test
    void atItsRootAreOnlyLauncherModelAndLegalTexts() {
        Pattern allowed = Pattern.compile("META-INF/(MANIFEST\\.MF|LICENSE|NOTICE|licenses/[\\w-]+)"
                + "|io/poolscope/(launcher|model)/[\\w/$]+\\.class"
                + "|inst/.+");
        assertThat(entries()).allMatch(name -> allowed.matcher(name).matches(), allowed.pattern());
    }

    @Test
    void fewerThan25ClassesStandOnTheBootPath() {
        assertThat(entries()).filteredOn(name -> name.endsWith(".class")).hasSizeBetween(2, 24);
    }

    @Test
    void underInstAreClassesServicesAndWhatLibrariesRead() {
        Pattern allowed = Pattern.compile("inst/(.+\\.classdata|META-INF/services/[\\w.]+"
                + "|io/opentelemetry/[\\w/]+/version\\.properties"
                + "|io/poolscope/engine/page/(page\\.(html|css)|icon\\.svg"
                + "|(page|reports|routes|charts|status|nodes|words)\\.js|uPlot\\.(iife\\.min\\.js|min\\.css)))");
        assertThat(entries())
                .filteredOn(name -> name.startsWith("inst/"))
                .noneMatch(name -> name.contains("module-info") || name.endsWith(".class"))
                .allMatch(name -> allowed.matcher(name).matches(), allowed.pattern());
    }

    @Test
    void theLivePageIsWholeWithItsChartLibraryAndThatsLicence() throws IOException {
        assertThat(entries())
                .contains(
                        "inst/io/poolscope/engine/page/page.html",
                        "inst/io/poolscope/engine/page/uPlot.iife.min.js",
                        "inst/io/poolscope/engine/page/uPlot.min.css",
                        "META-INF/licenses/uplot-LICENSE");
        assertThat(new String(bytes("inst/io/poolscope/engine/page/uPlot.iife.min.js"), UTF_8))
                .startsWith("/*! https://github.com/leeoniya/uPlot (v");
        assertThat(new String(bytes("META-INF/licenses/uplot-LICENSE"), UTF_8))
                .contains("The MIT License", "Leon Sorokin");
    }

    @Test
    void noClassIsThereTwice() {
        assertThat(entries()).doesNotHaveDuplicates();
        assertThat(entries())
                .filteredOn(PackagingIT::isClass)
                .extracting(PackagingIT::className)
                .doesNotHaveDuplicates();
    }

    @Test
    void everyClassStandsUnderItsOwnName() throws IOException {
        for (String entry : classes()) {
            assertThat(reader(entry).getClassName()).isEqualTo(className(entry));
        }
    }

    @Test
    void classesAreOfJava11AndTheLauncherOfJava8() throws IOException {
        for (String entry : classes()) {
            int newest = entry.startsWith("io/poolscope/launcher/") ? Opcodes.V1_8 : Opcodes.V11;
            assertThat(reader(entry).readShort(6)).as(entry).isLessThanOrEqualTo((short) newest);
        }
    }

    @Test
    void theManifestMakesItAnAgent() throws IOException {
        Attributes manifest = jar.getManifest().getMainAttributes();
        String version = System.getProperty("poolscope.agent.version");
        assertThat(manifest.getValue("Premain-Class")).isEqualTo("io.poolscope.launcher.PoolscopeAgent");
        assertThat(manifest.getValue("Agent-Class")).isEqualTo("io.poolscope.launcher.PoolscopeAgent");
        assertThat(manifest.getValue("Can-Redefine-Classes")).isEqualTo("true");
        assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
        assertThat(manifest.getValue("Boot-Class-Path"))
                .isEqualTo("poolscope-agent-" + version + ".jar poolscope-agent.jar");
        assertThat(manifest.getValue("Implementation-Title")).isEqualTo("Poolscope");
        assertThat(manifest.getValue("Implementation-Version")).isEqualTo(version);
        assertThat(manifest.keySet().stream().map(Object::toString))
                .doesNotContain("Launcher-Agent-Class", "Automatic-Module-Name", "Class-Path", "Multi-Release");
    }

    @Test
    void everyServiceNamesClassesThatAreThere() throws IOException {
        List<String> services = entries().stream()
                .filter(name -> name.startsWith("inst/META-INF/services/"))
                .toList();
        assertThat(services).isNotEmpty();
        for (String service : services) {
            for (String line : new String(bytes(service), UTF_8).lines().toList()) {
                String provider = line.replaceFirst("#.*", "").trim();
                assertThat(provider.isEmpty() ? service : "inst/" + provider.replace('.', '/') + ".classdata")
                        .as(service)
                        .matches(entry -> jar.getEntry(entry) != null, "is there");
            }
        }
    }

    @Test
    void noBundledClassRefersToTheLoggerOfTheJdk() throws IOException {
        for (String entry : classes()) {
            Set<String> types = new TreeSet<>();
            reader(entry).accept(new ClassRemapper(new ClassVisitor(Opcodes.ASM9) {}, new Collector(types)), 0);
            assertThat(types).as(entry).doesNotContain("java/util/logging/Logger");
        }
    }

    @Test
    void ourLoggerHasEveryMethodThatBundledClassesCall() throws IOException {
        String logger = Type.getInternalName(LibraryLogger.class);
        Set<String> called = new TreeSet<>();
        for (String entry : classes()) {
            if (!className(entry).equals(logger)) {
                reader(entry).accept(new CallsOf(logger, called), 0);
            }
        }
        Set<String> there = Stream.of(LibraryLogger.class.getMethods())
                .map(method -> method.getName() + Type.getMethodDescriptor(method))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(called).contains("getLogger(Ljava/lang/String;)L" + logger + ";");
        assertThat(there).containsAll(called);
    }

    @Test
    void noticeListsEveryBundledLibraryWithItsVersion() throws IOException {
        Set<String> left = Set.of("annotations", "protobuf-java", "prometheus-metrics-exposition-formats-no-protobuf");
        List<String> bundled = Stream.of(Files.readString(Path.of(System.getProperty("poolscope.agent.bundled")))
                        .trim()
                        .split(System.getProperty("path.separator")))
                .map(path -> Path.of(path).getFileName().toString().replaceFirst("\\.jar$", ""))
                .filter(name -> !name.startsWith("poolscope-") && !name.equals("classes"))
                .filter(name -> !left.contains(name.replaceFirst("-[0-9].*", "")))
                .toList();
        List<String> notice = new String(bytes("META-INF/NOTICE"), UTF_8)
                .lines()
                .filter(line -> line.matches("  \\S+-[0-9]\\S*"))
                .map(String::trim)
                .toList();
        assertThat(notice).containsExactlyInAnyOrderElementsOf(bundled);
        assertThat(bundled)
                .filteredOn(name -> name.startsWith("prometheus-"))
                .extracting(name -> name.replaceFirst("^\\D+", ""))
                .as("versions of the Prometheus libraries")
                .containsOnly(bundled.stream()
                        .filter(name -> name.startsWith("prometheus-metrics-model-"))
                        .map(name -> name.replaceFirst("^\\D+", ""))
                        .findFirst()
                        .orElseThrow());
    }

    private List<String> entries() {
        List<String> names = new ArrayList<>();
        jar.stream()
                .filter(entry -> !entry.isDirectory())
                .map(ZipEntry::getName)
                .forEach(names::add);
        return names;
    }

    private List<String> classes() {
        return entries().stream().filter(PackagingIT::isClass).toList();
    }

    private static boolean isClass(String entry) {
        return entry.endsWith(".class") || entry.endsWith(".classdata");
    }

    private static String className(String entry) {
        return entry.replaceFirst("^inst/", "").replaceFirst("\\.class(data)?$", "");
    }

    private ClassReader reader(String entry) throws IOException {
        return new ClassReader(bytes(entry));
    }

    private byte[] bytes(String entry) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
            return in.readAllBytes();
        }
    }

    /** Is shown every type that code, descriptors and signatures of a class name. */
    private static final class Collector extends Remapper {

        private final Set<String> types;

        Collector(Set<String> types) {
            super(Opcodes.ASM9);
            this.types = types;
        }

        @Override
        public String map(String internalName) {
            types.add(internalName);
            return null;
        }
    }

    private static final class CallsOf extends ClassVisitor {

        private final String owner;
        private final Set<String> called;

        CallsOf(String owner, Set<String> called) {
            super(Opcodes.ASM9);
            this.owner = owner;
            this.called = called;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(
                        int code, String type, String name, String descriptor, boolean isInterface) {
                    add(type, name, descriptor);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String name, String descriptor, Handle bootstrap, Object... arguments) {
                    for (Object argument : arguments) {
                        if (argument instanceof Handle handle) {
                            add(handle.getOwner(), handle.getName(), handle.getDesc());
                        }
                    }
                }
            };
        }

        private void add(String type, String name, String descriptor) {
            if (type.equals(owner)) {
                called.add(name + descriptor);
            }
        }
    }
}
