using SmilesBert.Hub;

namespace SmilesBert.Tests.Hub;

public sealed class HubReferenceTests
{
    [Theory]
    [InlineData("seyonec/PubChem10M_SMILES_BPE_450k", "seyonec/PubChem10M_SMILES_BPE_450k", "main")]
    [InlineData("bert-base-uncased", "bert-base-uncased", "main")]
    [InlineData("a/b@v1.0", "a/b", "v1.0")]
    [InlineData("a/b@refs/pr/3", "a/b", "refs/pr/3")]
    [InlineData("a/b@0123456789012345678901234567890123456789", "a/b", "0123456789012345678901234567890123456789")]
    [InlineData("a/b@feature@two", "a/b", "feature@two")]
    public void Parse_OfAName(string text, string repository, string revision)
    {
        HubReference reference = HubReference.Parse(text);
        Assert.Equal((repository, revision), (reference.Repository, reference.Revision));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("/b")]
    [InlineData("a/")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a/-b")]
    [InlineData("a/b.")]
    [InlineData("a/b--c")]
    [InlineData("a/b..c")]
    [InlineData("a/b.git")]
    [InlineData("a b/c")]
    [InlineData("a/b?c")]
    [InlineData("a/b\n")]
    [InlineData("a/bé")]
    [InlineData("https://huggingface.co/a/b")]
    [InlineData("a/b23456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void Parse_OfNoRepository(string text) =>
        Assert.Contains("is no name of a repository", Assert.Throws<InputException>(() => HubReference.Parse(text)).Message);

    [Theory]
    [InlineData("a/b@")]
    [InlineData("a/b@.")]
    [InlineData("a/b@..")]
    [InlineData("a/b@x/../y")]
    [InlineData("a/b@/x")]
    [InlineData("a/b@x/")]
    [InlineData("a/b@x y")]
    [InlineData("a/b@x\ty")]
    [InlineData("a/b@x?y")]
    [InlineData("a/b@x\\y")]
    public void Parse_OfNoRevision(string text) =>
        Assert.Contains("is no name of a revision", Assert.Throws<InputException>(() => HubReference.Parse(text)).Message);

    // From git itself (hash-object), and from the standard that defines SHA-256.
    [Theory]
    [InlineData(ContentHashKind.GitSha1, "hello\n", "ce013625030ba8dba906f756967f9e9ca394464a")]
    [InlineData(ContentHashKind.GitSha1, "", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")]
    [InlineData(ContentHashKind.Sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void ContentHash_IsGitsOrSha256(ContentHashKind kind, string content, string hex)
    {
        using System.Security.Cryptography.IncrementalHash hash = new ContentHash(kind, hex).Begin(content.Length);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(content));
        Assert.Equal(hex, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
