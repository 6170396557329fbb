/** The suite reads what programs print in English, whatever the locale of the machine; tests of Chinese ask for it. */
process.env.LC_ALL = "en_US.UTF-8";
