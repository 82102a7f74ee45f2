// The compiled half of Boost.Asio and Boost.Beast, once for all programs: everything else sees declarations only
// (BOOST_ASIO_SEPARATE_COMPILATION, BOOST_BEAST_SEPARATE_COMPILATION). Link vestari_asio where either is used.
#include <boost/asio/impl/src.hpp>

#include <boost/asio/ssl/impl/src.hpp>

#include <boost/beast/src.hpp>
