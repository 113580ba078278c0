package io.poolscope.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.instrumentation.Hook;
import io.poolscope.model.Lease;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import net.bytebuddy.asm.Advice;
import org.junit.jupiter.api.Test;

/** The rules find what breaks them. */
class AdviceRulesThemselvesTest {

    @Test
    void goodAdviceBreaksNoRule() throws IOException {
        assertThat(violations(Good.class, false)).isEmpty();
    }

    @Test
    void everyRuleIsBrokenByBadAdvice() throws IOException {
        assertThat(violations(Bad.class, true))
                .contains(
                        "enter does not suppress every Throwable",
                        "enter is synchronized",
                        "exit catches what a constructor throws, which the JVM does not allow",
                        "exit takes a lock",
                        "exit names io.poolscope.instrumentation.Hook",
                        "instance is not static")
                .anyMatch(each -> each.startsWith("enter has an invokedynamic"))
                .noneMatch(each -> each.startsWith("helper"));
    }

    @Test
    void aClassWithoutAdviceBreaksTheRules() throws IOException {
        assertThat(violations(AdviceRulesThemselvesTest.class, false)).isNotEmpty();
    }

    private static List<String> violations(Class<?> advice, boolean inConstructor) throws IOException {
        return AdviceRules.violations(advice.getName(), inConstructor, Set.of("com.acme."));
    }

    static final class Good {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease, @Advice.Thrown Throwable thrown) {
            if (lease != null) {
                lease.end();
            }
        }
    }

    static final class Bad {
        @Advice.OnMethodEnter
        static synchronized Supplier<String> enter() {
            return () -> "lambda";
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object lock) {
            synchronized (lock) {
                Hook.onEvery("close");
            }
        }

        @Advice.OnMethodExit(suppress = Throwable.class)
        void instance() {}

        static synchronized void helper() {}
    }
}
