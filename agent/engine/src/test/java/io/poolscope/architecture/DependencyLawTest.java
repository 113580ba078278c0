package io.poolscope.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point down: model, then api, then instrumentation; model and api, then engine. */
@AnalyzeClasses(packages = "io.poolscope", importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyLawTest {

    private static final String MODEL = "io.poolscope.model";
    private static final String API = "io.poolscope.instrumentation";
    private static final String INSTRUMENTATIONS = "io.poolscope.instrumentation.*..";
    private static final String ENGINE = "io.poolscope.engine..";
    private static final String WEAVING = "io.poolscope.engine.weaving..";
    private static final String TELEMETRY = "io.poolscope.engine.telemetry..";

    @ArchTest
    static final ArchRule theModelKnowsTheJdkOnly = classes()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", MODEL);

    @ArchTest
    static final ArchRule theApiKnowsTheModelAndNoInstrumentation = classes()
            .that()
            .resideInAPackage(API)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", MODEL, API);

    @ArchTest
    static final ArchRule anInstrumentationDoesNotKnowTheEngine = noClasses()
            .that()
            .resideInAPackage(INSTRUMENTATIONS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ENGINE);

    @ArchTest
    static final ArchRule noInstrumentationKnowsAnother =
            slices().matching("io.poolscope.instrumentation.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule theEngineFindsInstrumentationsAsServices = noClasses()
            .that()
            .resideInAPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INSTRUMENTATIONS);

    /** But for the settings, which every part reads. */
    @ArchTest
    static final ArchRule partsOfTheEngineHaveNoCycles = slices().matching("io.poolscope.engine.(*)..")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(alwaysTrue(), nameMatching("io\\.poolscope\\.engine\\.start\\.Settings?"));

    @ArchTest
    static final ArchRule weavingKnowsNothingElseOfTheEngine = classes()
            .that()
            .resideInAPackage(WEAVING)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "net.bytebuddy..", MODEL, API, WEAVING);

    @ArchTest
    static final ArchRule onlyWeavingTouchesByteBuddy = noClasses()
            .that()
            .resideInAPackage(ENGINE)
            .and()
            .resideOutsideOfPackage(WEAVING)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.bytebuddy..");

    @ArchTest
    static final ArchRule onlyTelemetryTouchesOpenTelemetry = noClasses()
            .that()
            .resideInAPackage(ENGINE)
            .and()
            .resideOutsideOfPackage(TELEMETRY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry..", "io.prometheus..");
}
