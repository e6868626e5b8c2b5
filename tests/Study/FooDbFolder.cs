using System.Formats.Tar;
using System.IO.Compression;

namespace SmilesBert.Tests.Study;

/// <summary>A small folder in the columns of FooDB's dump, Compound's header out of order as there; written by hand from general knowledge.</summary>
internal sealed class FooDbFolder : IDisposable
{
    public const string CompoundHeader =
        "id,public_id,name,moldb_iupac,state,annotation_quality,description,cas_number,moldb_inchikey,moldb_inchi,moldb_smiles,moldb_mono_mass,"
        + "kingdom,superklass,klass,subklass";

    private static readonly string Compounds =
        CompoundHeader + "\n"
        + Row(1, "Vanillin", "COC1=C(O)C=CC(C=O)=C1", "MWOOGOJBHIARFG-UHFFFAOYSA-N", "Benzenoids", "\"A phenolic \"\"aldehyde\"\",\nof vanilla\"")
        + Row(2, "Caffeine", "CN1C=NC2=C1C(=O)N(C)C(=O)N2C", "RYYVLZVUVIJVGH-UHFFFAOYSA-N", "Organoheterocyclic compounds")
        + Row(3, "Limonene", "CC1=CCC(CC1)C(C)=C", "XMGQYMWWDOXHJM-UHFFFAOYSA-N", "Lipids and lipid-like molecules")
        + Row(4, "Ethanol", "CCO", "LFQSCWFLJHTTHZ-UHFFFAOYSA-N", "Organooxygen compounds")
        + Row(5, "Hexadecanoic acid", "CCCCCCCCCCCCCCCC(O)=O", "IPCSVZSSVZVIGE-UHFFFAOYSA-N", "Lipids and lipid-like molecules")
        + Row(6, "Palmitic acid", "CCCCCCCCCCCCCCCC(O)=O", "IPCSVZSSVZVIGE-UHFFFAOYSA-N", "Lipids and lipid-like molecules")
        + Row(7, "Unknown", "", "", "Benzenoids")
        + Row(8, "Eugenol", "COC1=C(O)C=CC(CC=C)=C1", "RRAFCDWBNXTKKO-UHFFFAOYSA-N", "Benzenoids")
        + Row(8, "Eugenol again", "COC1=C(O)C=CC(CC=C)=C1", "RRAFCDWBNXTKKO-UHFFFAOYSA-N", "Benzenoids")
        + Row(9, "Water", "O", "XLYOFNOQVPJJNP-UHFFFAOYSA-N", "");

    private readonly string path = Directory.CreateTempSubdirectory("smilesbert-foodb-").FullName;

    public FooDbFolder()
    {
        Write("Compound.csv", Compounds);
        Write("Flavor.csv", "id,name,flavor_group,category\n1,sweet,sweet,odor\n2,vanilla,sweet,odor\n3,citrus,fruity,odor\n4,waxy,fatty,odor\n5,spicy,spicy,odor\n");
        Write("CompoundsFlavor.csv",
            "id,compound_id,flavor_id,citations,source_id,source_type\n"
            + "1,1,1,x,1,Compound\n2,1,2,x,1,Compound\n3,3,3,x,3,Compound\n4,5,4,x,5,Compound\n5,6,4,x,6,Compound\n6,8,5,x,8,Compound\n7,8,1,x,8,Compound\n"
            + "8,8,1,x,8,Compound\n9,99,1,x,99,Compound\n10,1,77,x,1,Compound\n11,4,1,x,12,Nutrient\n12,6,1,\"broken\" quote,6,Compound\n");
        Write("CompoundsHealthEffect.csv",
            "id,compound_id,health_effect_id,orig_health_effect_name,orig_compound_name,source_id,source_type\n"
            + "1,2,1,Stimulant,CAFFEINE,2,Compound\n2,1,2,Antioxidant,VANILLIN,1,Compound\n3,8,2,Antioxidant,EUGENOL,8,Compound\n");
        Write("OntologyTerm.csv", "id,term,definition,level\n1,Role,,1\n2,Flavouring,,4\n3,Stimulant,,4\n4,Food,,2\n");
        Write("CompoundOntologyTerm.csv", "id,compound_id,export,ontology_term_id\n1,1,1,2\n2,8,1,2\n3,2,1,3\n4,1,1,1\n5,3,1,4\n");
    }

    public string this[string name] => Path.Combine(path, name);

    public string Root => path;

    public void Write(string name, string text) => File.WriteAllText(this[name], text);

    public void Delete(string name) => File.Delete(this[name]);

    /// <summary>The folder as it is downloaded: an archive with one folder in it.</summary>
    public string Archive()
    {
        string archive = Path.Combine(path, "foodb.tar.gz");
        using FileStream file = File.Create(archive);
        using GZipStream gzip = new(file, CompressionLevel.Fastest);
        using TarWriter tar = new(gzip);
        foreach (string table in Directory.GetFiles(path, "*.csv").Order()) tar.WriteEntry(table, $"foodb_2020_04_07_csv/{Path.GetFileName(table)}");
        return archive;
    }

    public void Dispose() => Directory.Delete(path, recursive: true);

    private static string Row(int id, string name, string smiles, string inchiKey, string superclass, string description = "") =>
        $"{id},FDB{1000 + id},{name},,low,{description},,{smiles},,,{inchiKey},,Organic compounds,{superclass},,\n";
}
