package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

    @ParameterizedTest
    @CsvSource({
        "com.acme.Main, com.acme.Main",
        "com.acme.Main --verbose a.jar, com.acme.Main",
        "com.acme.shop/com.acme.Main x, com.acme.Main",
        "/opt/shop/shop-1.2.jar --port 1, shop-1.2",
        "shop.jar, shop",
        "/opt/my shop/shop.jar -v, shop",
        "C:\\shop\\shop.jar, shop",
        "/opt/shop.jar.d/run me, opt/shop.jar.d/run",
    })
    void theServiceIsNamedAfterItsMainClassOrJar(String command, String name) {
        assertThat(Identity.serviceName(command)).isEqualTo(name);
    }

    @org.junit.jupiter.api.Test
    void withoutACommandThereIsNoName() {
        assertThat(Identity.serviceName(null)).isNull();
        assertThat(Identity.serviceName(" ")).isNull();
    }
}
