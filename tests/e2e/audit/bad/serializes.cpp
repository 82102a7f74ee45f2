// Bad on purpose: what the generated serializer of a message is called.
namespace vestari::e2e {
class Message {
public:
    unsigned char* _InternalSerialize(unsigned char* target, void* stream) const;
};
unsigned char* Message::_InternalSerialize(unsigned char* target, void*) const { return target; }
} // namespace vestari::e2e
