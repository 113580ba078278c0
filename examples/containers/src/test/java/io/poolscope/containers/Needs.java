package io.poolscope.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that need images. Where one of them cannot be had they are skipped, and a line says which it is, and why. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(Needs.Condition.class)
@interface Needs {
    Image[] value();

    /** Looks for the images before anything is started. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Needs needs = context.getElement()
                    .map(element -> element.getAnnotation(Needs.class))
                    .orElse(null);
            if (needs != null) {
                for (Image image : needs.value()) {
                    String absent = image.whyAbsent();
                    if (!absent.isEmpty()) {
                        System.err.println("SKIPPED " + context.getDisplayName() + ": " + absent);
                        return ConditionEvaluationResult.disabled(absent);
                    }
                }
            }
            return ConditionEvaluationResult.enabled("its images are here");
        }
    }
}
