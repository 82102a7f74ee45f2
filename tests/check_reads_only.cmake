# Fails when a library reaches a function of the Signal library (or OpenSSL) that encrypts, signs or builds a message to send.
#
#   cmake -DNM=nm -DLIBRARY=libvestari_signal.a -P tests/check_reads_only.cmake
#
# Source: DESIGN P1, wire/20-messages.md section 1 item 2.
execute_process(COMMAND ${NM} --undefined-only --format=posix ${LIBRARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "cannot read ${LIBRARY}")
endif()
if(NOT symbols MATCHES "session_cipher_decrypt_signal_message")
  message(FATAL_ERROR "${LIBRARY} does not decrypt: the wrong library was checked")
endif()
set(forbidden
  session_cipher_encrypt group_cipher_encrypt group_cipher_create group_session_builder_create_session
  session_builder_process_pre_key_bundle signal_message_create pre_key_signal_message_create sender_key_message_create
  sender_key_distribution_message_create sender_key_record_set_sender_key_state curve_calculate_signature
  curve_calculate_vrf_signature EVP_EncryptInit EVP_EncryptInit_ex EVP_EncryptInit_ex2 EVP_EncryptUpdate EVP_SealInit
  EVP_DigestSignInit EVP_PKEY_sign)
foreach(name IN LISTS forbidden)
  if(symbols MATCHES "(^|\n)${name} ")
    message(SEND_ERROR "${LIBRARY} calls ${name}: the bridge only reads")
  endif()
endforeach()
