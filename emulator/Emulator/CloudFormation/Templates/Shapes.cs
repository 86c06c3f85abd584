using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Checks a function's arguments before anything is evaluated.</summary>
internal static class Shapes
{
    public static void Check(Entry call, bool languageExtensions)
    {
        var argument = call.Value;
        switch (call.Key)
        {
            case "Ref":
                Require(argument is TextNode { Text.Length: > 0 }, "every Ref object must have a single String value.");
                break;
            case "Fn::GetAtt":
                Require(
                    argument is ListNode { Items: [TextNode { Text.Length: > 0 }, TextNode { Text.Length: > 0 } or MapNode] },
                    "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
                );
                break;
            case "Fn::Join":
                Require(
                    argument is ListNode { Items: [TextNode, not TextNode] },
                    "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
                );
                break;
            case "Fn::Split":
                Require(
                    argument is ListNode { Items: [TextNode, not ListNode] },
                    "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split."
                );
                break;
            case "Fn::Select":
                Require(
                    argument is ListNode { Items: [not ListNode, not TextNode] },
                    "Fn::Select requires a list argument with two elements: an integer index and a list"
                );
                break;
            case "Fn::FindInMap":
                Require(
                    argument is ListNode { Items: [not ListNode, not ListNode, not ListNode] }
                        || languageExtensions && argument is ListNode { Items: [_, _, _, MapNode { Entries: [{ Key: "DefaultValue" }] }] },
                    "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"
                );
                break;
            case "Fn::If":
                Require(
                    argument is ListNode { Items: [TextNode, _, _] },
                    "Fn::If requires a list argument with the first element being a condition"
                );
                break;
            case "Fn::Equals":
                Require(argument is ListNode { Items.Count: 2 }, "every Fn::Equals object requires a list of 2 string parameters.");
                break;
            case "Fn::And" or "Fn::Or":
                Require(
                    argument is ListNode { Items.Count: >= 2 and <= 10 },
                    $"every {call.Key} object requires a list of at least 2 and at most 10 boolean parameters."
                );
                break;
            case "Fn::Not":
                Require(argument is ListNode { Items.Count: 1 }, "every Fn::Not object requires a list of one boolean parameter.");
                break;
            case "Fn::Base64":
                Require(argument is not ListNode, "every Fn::Base64 object must have a String-typed value.");
                break;
            case "Fn::Cidr":
                Require(
                    argument is ListNode { Items.Count: 2 or 3 },
                    "every Fn::Cidr object requires two or three parameters, ipBlock, count and cidrBits"
                );
                break;
            case "Fn::Sub":
                SubText.Arguments(argument);
                break;
            case "Fn::GetAZs" or "Fn::ImportValue":
                Require(argument is not ListNode, $"the attribute in {call.Key} must be a string or a function that returns a string");
                break;
            case "Fn::Length" or "Fn::ToJsonString" when languageExtensions:
                Require(argument is not TextNode, $"{call.Key} requires a list or a map");
                break;
            case "Fn::Transform":
                throw AwsException.NotImplemented("Fn::Transform");
            default:
                throw call.Key.StartsWith("Fn::ForEach", StringComparison.Ordinal)
                    ? AwsException.NotImplemented("Fn::ForEach")
                    : TemplateErrors.UnsupportedFunction(call.Key);
        }

        void Require(bool met, string message)
        {
            if (!met)
            {
                throw TemplateErrors.Template(message);
            }
        }
    }
}
