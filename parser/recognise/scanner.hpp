// Goes through a message once and puts down a mark for each thing that it recognises at its place.
//
// Invariants  `at_` only goes up; `limit_` is where the next hidden stretch begins.
#pragma once

#include "parser/recognise/recognise.hpp"

namespace vestari::parser {

class Scanner {
public:
    explicit Scanner(Message& message);
    void run();

private:
    void add(Kind kind, std::size_t end, std::int32_t value, std::int32_t phrase = -1);
    void step(char c);

    // Each puts down what stands here, or gives false and leaves the place alone.
    bool add_reference(std::int32_t in_force);
    void add_siblings();
    bool add_glued_brand();
    bool add_date();
    bool add_phrase();
    bool add_chinese_number(char c);
    bool alone_on_line(std::size_t end) const;
    void word_or_sign(char c);
    bool add_flag(char32_t code, std::size_t end);

    void number();
    bool add_quantity();
    bool add_counted(std::size_t digits_end, std::int64_t value);
    bool add_grade_or_percent(std::size_t end, const Amount& amount);
    bool is_price(std::size_t end) const;

    Message& m_;
    std::string_view text_;
    int year_;
    std::size_t at_ = 0;
    std::size_t limit_ = 0;
    std::int32_t brand_ = -1;
    std::int32_t line_brand_ = -1;
    std::size_t numerals_end_ = 0;    // no number among the numerals before it
    std::int32_t ringgit_index_ = -1; // in Malaysian groups RM is money
};

// Where the date and name that an exported chat puts before a message end; `at` when there are none.
std::size_t skip_export_prefix(std::string_view text, std::size_t at);

} // namespace vestari::parser
