package io.poolscope.engine.pools;

import io.poolscope.model.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds the application's line in a stack: the first frame from the top that belongs neither to the JDK nor to an HTTP
 * client, nor to a known layer between the application and the client, nor to a package that the user has named
 * ({@code poolscope.callsite.skip}). Where no such frame is left, a layer's line is better than none. Stateless.
 */
public final class SiteReader {

    /** Never the application, and never worth naming. */
    private static final String[] BELOW = {
        "java.",
        "javax.",
        "jdk.",
        "sun.",
        "com.sun.",
        "io.poolscope.model.",
        "org.apache.http.",
        "org.apache.hc.",
        "okhttp3.",
        "okio.",
        "kotlin.",
        "kotlinx."
    };

    /** Not the application either, but better than nothing. */
    private static final String[] LAYERS = {
        "jakarta.",
        "scala.",
        "groovy.",
        "org.codehaus.groovy.",
        "org.springframework.",
        "retrofit2.",
        "feign.",
        "org.elasticsearch.",
        "co.elastic.clients.",
        "org.opensearch.",
        "org.apache.solr.",
        "software.amazon.awssdk.",
        "com.amazonaws.",
        "com.azure.",
        "com.microsoft.azure.",
        "com.google.api.",
        "com.google.cloud.",
        "com.google.auth.",
        "com.google.common.",
        "org.glassfish.jersey.",
        "org.jboss.resteasy.",
        "org.apache.cxf.",
        "org.apache.camel.",
        "io.netty.",
        "io.vertx.",
        "io.quarkus.",
        "io.micronaut.",
        "reactor.",
        "rx.",
        "io.reactivex.",
        "io.github.resilience4j.",
        "com.netflix.hystrix.",
        "com.netflix.ribbon.",
        "com.netflix.loadbalancer.",
        "com.netflix.discovery.",
        "dev.failsafe.",
        "io.micrometer.",
        "io.opentelemetry.",
        "io.kubernetes.client.",
        "io.fabric8.",
        "com.github.dockerjava.",
        "io.minio.",
        "io.camunda.",
        "io.dropwizard.",
        "io.searchbox.",
        "com.algolia.",
        "com.auth0.",
        "com.clickhouse.",
        "com.databricks.",
        "com.influxdb.",
        "com.okta.",
        "com.orbitz.consul.",
        "com.ecwid.consul.",
        "com.slack.api.",
        "com.twilio.",
        "net.snowflake.",
        "org.apache.hadoop.",
        "org.apache.iceberg.",
        "org.apache.spark.",
        "org.apache.axis2.",
        "org.apache.maven.",
        "org.eclipse.aether.",
        "org.eclipse.jgit.",
        "org.http4s.",
        "org.influxdb.",
        "org.keycloak.",
        "org.web3j.",
        "org.zalando.",
        "kong.unirest.",
        "io.restassured.",
        "org.aspectj.",
        "net.bytebuddy.",
        "net.sf.cglib.",
        "javassist.",
        "org.hibernate.",
        "org.eclipse.jetty.",
        "org.apache.catalina.",
        "org.apache.tomcat.",
        "org.apache.coyote.",
        "io.undertow.",
        "org.junit.",
        "junit.",
        "org.testng.",
        "org.mockito.",
        "co.elastic.apm.",
        "com.intellij.rt."
    };

    /** A client that somebody has moved to a package of his own; of those that are watched the package is known. */
    private static final String[] RELOCATED = {".org.apache.http.", ".org.apache.hc.", ".okhttp3.", ".okio."};

    /** More frames than this are not told. */
    private static final int FRAMES = 64;

    private final String[] skipped;

    /** Takes call sites for the application's but for these packages, as {@code poolscope.callsite.skip} names them. */
    public SiteReader(List<String> skipped) {
        this.skipped = skipped.toArray(new String[0]);
    }

    /** The call site of this stack; {@link Site#UNKNOWN} for none. */
    public Site read(StackTraceElement[] stack) {
        return read(stack, FRAMES);
    }

    /** The same with no other frame than its own, which is less work: for tables of many. */
    public Site readLine(StackTraceElement[] stack) {
        return read(stack, 1);
    }

    private Site read(StackTraceElement[] stack, int frames) {
        if (stack == null) {
            return Site.UNKNOWN;
        }
        List<StackTraceElement> application = new ArrayList<>();
        StackTraceElement layer = null;
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (isBelow(type) || isGenerated(frame)) {
                continue;
            }
            if (!startsWithAny(type, LAYERS) && !startsWithAny(type, skipped)) {
                application.add(frame);
                if (application.size() == frames) {
                    break;
                }
            } else if (layer == null) {
                layer = frame;
            }
        }
        if (!application.isEmpty()) {
            return site(application);
        }
        return layer == null ? Site.UNKNOWN : site(List.of(layer));
    }

    private static boolean isBelow(String type) {
        if (startsWithAny(type, BELOW)) {
            return true;
        }
        for (String relocated : RELOCATED) {
            if (type.contains(relocated)) {
                return true;
            }
        }
        for (Client client : Client.all()) {
            String copy = client.copy();
            if (copy != null && type.startsWith(copy) && type.startsWith(".", copy.length())) {
                return true;
            }
        }
        return false;
    }

    /** Proxies and accessors: the real method is the next frame, or the one after it. */
    private static boolean isGenerated(StackTraceElement frame) {
        String type = frame.getClassName();
        return frame.getMethodName().startsWith("access$")
                || type.contains("$$FastClass")
                || type.contains(".$Proxy")
                || type.startsWith("$Proxy")
                || (frame.getLineNumber() < 0 && (type.contains("$$") || type.contains("$ByteBuddy$")));
    }

    private static boolean startsWithAny(String type, String[] prefixes) {
        for (String prefix : prefixes) {
            if (type.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static Site site(List<StackTraceElement> application) {
        StackTraceElement first = application.get(0);
        String[] normalised = normalised(first.getClassName(), first.getMethodName());
        String owner = normalised[0];
        String function = owner + "." + normalised[1];
        String file = first.getFileName() == null ? "" : first.getFileName();
        int number = file.isEmpty() ? -1 : first.getLineNumber();
        List<String> frames = new ArrayList<>();
        for (StackTraceElement frame : application) {
            frames.add(frame.getClassName() + "." + frame.getMethodName() + position(frame));
        }
        return new Site(function, function + position(first), file, number, owner, frames);
    }

    private static String position(StackTraceElement frame) {
        if (frame.getFileName() == null) {
            return "(Unknown Source)";
        }
        return frame.getLineNumber() < 0
                ? "(" + frame.getFileName() + ")"
                : "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")";
    }

    /**
     * Class and method as the programmer wrote them, so that they survive a release: without the numbers of lambdas, of
     * anonymous classes and of proxies. Names of nested classes stay.
     */
    static String[] normalised(String type, String method) {
        String owner = type;
        int proxy = owner.indexOf("$$");
        if (proxy > 0) {
            owner = owner.substring(0, proxy);
        }
        int byteBuddy = owner.indexOf("$ByteBuddy$");
        if (byteBuddy > 0) {
            owner = owner.substring(0, byteBuddy);
        }
        String name = method(method);
        int dollar = owner.indexOf('$', owner.lastIndexOf('.') + 2);
        if (dollar < 0) {
            return new String[] {owner, name};
        }
        StringBuilder kept = new StringBuilder(owner.substring(0, dollar));
        for (String part : owner.substring(dollar + 1).split("\\$")) {
            if (part.isEmpty() || Character.isDigit(part.charAt(0))) {
                continue;
            }
            if (Character.isLowerCase(part.charAt(0))) {
                // Kotlin names the class of a lambda after the function that it stands in: Stock$level$1.invoke
                name = name.toLowerCase(Locale.ROOT).startsWith("invoke") ? part : name;
                break;
            }
            kept.append('$').append(part);
        }
        return new String[] {kept.toString(), name};
    }

    private static String method(String method) {
        if (method.startsWith("lambda$")) { // javac: lambda$level$0
            String inner = untilDollar(method.substring("lambda$".length()));
            return inner.equals("new") ? "<init>" : inner.equals("static") ? "<clinit>" : inner;
        }
        if (method.startsWith("$anonfun$")) { // Scala
            return untilDollar(method.substring("$anonfun$".length()));
        }
        String name = untilDollar(method); // Kotlin: level$lambda$0, level$suspendImpl, level$default
        return name.isEmpty() ? method : name;
    }

    private static String untilDollar(String name) {
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }
}
