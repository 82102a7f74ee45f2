// Bad on purpose: an outbound room that knows how to type.
extern const char bad_word[];
const char bad_word[] = "composing";
