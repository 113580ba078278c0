/** Stands for an application: call sites in tests lead here. */
package com.acme.shop;
