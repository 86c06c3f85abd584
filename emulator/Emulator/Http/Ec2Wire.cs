using System.Text;
using System.Xml;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>The Query protocol as EC2 speaks it, which this emulator does not support: only its errors, which differ from the others'.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html</remarks>
internal sealed class Ec2Wire : QueryWire
{
    public override WireResponse EncodeError(AwsService? service, AwsException error, string requestId)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { CheckCharacters = false, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("Response");
            xml.WriteStartElement("Errors");
            xml.WriteStartElement("Error");
            xml.WriteElementString("Code", error.Code);
            xml.WriteElementString("Message", XmlText.Valid(error.Message));
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteElementString("RequestID", requestId);
            xml.WriteEndElement();
        }

        return new(error.StatusCode, "text/xml", Encoding.UTF8.GetBytes(text.ToString()));
    }
}
