#include "ingest/cli/frame/application.hpp"

int main(int argc, char** argv) { return vestari::cli::run(argc, argv); }
