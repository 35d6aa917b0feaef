import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.app.HL7Service;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.protocol.ReceivingApplication;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.util.Map;

/**
 * HAPI HL7v2, an independent implementation of HL7 over MLLP, as a peer.
 *   receive              listens on a free port, prints "port N", answers AA to everything and prints "got CONTROL-ID PID-5"
 *   send HOST PORT N     sends N messages over one connection, prints "ack CONTROL-ID MSA-1" for each
 */
public class Hapi {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("receive")) receive();
    else send(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
  }

  private static HapiContext context() {
    HapiContext context = new DefaultHapiContext();
    context.setValidationContext(ValidationContextFactory.noValidation());
    context.getLowerLayerProtocol().setCharset("UTF-8");
    return context;
  }

  private static void receive() throws Exception {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    HL7Service service = context().newServer(port, false);
    service.registerApplication(new ReceivingApplication<Message>() {
      public boolean canProcess(Message message) {
        return true;
      }

      public Message processMessage(Message message, Map<String, Object> metadata) throws ca.uhn.hl7v2.HL7Exception {
        Terser terser = new Terser(message);
        System.out.println("got " + terser.get("/MSH-10") + " " + terser.get("/.PID-5-1"));
        try {
          return message.generateACK();
        } catch (java.io.IOException e) {
          throw new ca.uhn.hl7v2.HL7Exception(e);
        }
      }
    });
    service.startAndWait();
    System.out.println("port " + port);
    System.in.read();
    service.stopAndWait();
    System.exit(0);
  }

  private static void send(String host, int port, int count) throws Exception {
    HapiContext context = context();
    Connection connection = context.newClient(host, port, false);
    connection.getInitiator().setTimeout(20, java.util.concurrent.TimeUnit.SECONDS);
    for (int i = 1; i <= count; i++) {
      String id = "HAPI" + i;
      String text = "MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123083001||ADT^A01^ADT_A01|" + id + "|P|2.5|||AL|NE|CHN|UNICODE UTF-8\r"
          + "EVN|A01|20261123083001\rPID|1||P" + i + "^^^SZPH^MR||张三" + i + "\rPV1|1|I\r";
      Message answer = connection.getInitiator().sendAndReceive(context.getPipeParser().parse(text));
      System.out.println("ack " + new Terser(answer).get("/MSA-2") + " " + new Terser(answer).get("/MSA-1"));
    }
    connection.close();
    System.exit(0);
  }
}
