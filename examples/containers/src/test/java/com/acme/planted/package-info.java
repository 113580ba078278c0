/** A program in which all that goes wrong is planted, and then stands still: what a panel has to show of it is known. */
package com.acme.planted;
