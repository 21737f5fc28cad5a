"""The demo's price list of drugs and consumables (categories 08 to 11): usual names, prices are not official.

The lines are as in `services.py`; prices of drugs split from a box have up to four decimals.
"""

from __future__ import annotations

CONSUMABLES = """
一次性输液器|Infusion set|带针|套/set|1.80|A|
精密输液器|Infusion set, fine filter|避光|套/set|12.00|B10|8.00
一次性注射器|Syringe|5 ml|支/piece|0.45|A|
一次性注射器|Syringe|20 ml|支/piece|0.85|A|
静脉留置针|Intravenous cannula|24G|支/piece|14.50|A|12.00
敷贴|Transparent dressing|6×7 cm|片/piece|3.60|A|
三通阀|Three-way stopcock||个/piece|4.20|A|
输液接头|Needleless connector|正压|个/piece|22.00|B20|15.00
一次性导尿包|Catheter kit|双腔|包/kit|28.00|A|
引流袋|Drainage bag|1000 ml|个/piece|6.50|A|
胃管|Gastric tube|硅胶|根/tube|18.00|A|
吸氧管|Oxygen cannula|双鼻|根/tube|4.80|A|
雾化器|Nebuliser kit|面罩式|套/set|16.00|A|
吸痰管|Suction catheter||根/tube|2.60|A|
采血针|Blood collection needle||支/piece|1.20|A|
真空采血管|Vacuum tube||支/piece|1.50|A|
血糖试纸|Glucose test strip||条/strip|3.20|A|
胰岛素针头|Insulin pen needle|4 mm|支/piece|1.90|A|
医用纱布块|Gauze|8×10 cm|包/pack|2.20|A|
无菌手套|Sterile gloves||副/pair|2.00|A|
弹力绷带|Elastic bandage||卷/roll|6.00|A|
可吸收缝线|Absorbable suture|3-0|包/pack|45.00|A|
切口保护套|Wound protector||个/piece|180.00|B20|120.00
腹腔镜穿刺器|Trocar|一次性|套/set|360.00|B20|300.00
吻合器|Stapler|一次性|把/piece|1480.00|B20|1200.00
疝补片|Hernia mesh|15×15 cm|片/piece|980.00|B20|800.00
冠脉支架|Coronary stent|集采|个/piece|770.00|B10|770.00
人工膝关节|Knee prosthesis|集采|套/set|5500.00|B20|5200.00
人工髋关节|Hip prosthesis|集采|套/set|7200.00|B20|6800.00
镇痛泵|Analgesia pump|一次性|套/set|165.00|C|
"""

WESTERN_MEDICINE = """
0.9%氯化钠注射液|Sodium chloride injection 0.9 %|100 ml|袋/bag|2.10|A|
0.9%氯化钠注射液|Sodium chloride injection 0.9 %|250 ml|袋/bag|2.60|A|
5%葡萄糖注射液|Glucose injection 5 %|250 ml|袋/bag|2.70|A|
葡萄糖氯化钠注射液|Glucose and sodium chloride injection|500 ml|袋/bag|3.20|A|
氯化钾注射液|Potassium chloride injection|10 ml|支/ampoule|0.68|A|
阿司匹林肠溶片|Aspirin enteric tablets|100 mg|片/tablet|0.2133|A|
氯吡格雷片|Clopidogrel tablets|75 mg|片/tablet|0.8642|A|
替格瑞洛片|Ticagrelor tablets|90 mg|片/tablet|1.2607|B10|
阿托伐他汀钙片|Atorvastatin tablets|20 mg|片/tablet|0.5543|A|
瑞舒伐他汀钙片|Rosuvastatin tablets|10 mg|片/tablet|0.3321|A|
氨氯地平片|Amlodipine tablets|5 mg|片/tablet|0.0671|A|
缬沙坦胶囊|Valsartan capsules|80 mg|粒/capsule|0.3129|A|
美托洛尔缓释片|Metoprolol modified-release tablets|47.5 mg|片/tablet|1.0871|A|
呋塞米注射液|Furosemide injection|20 mg|支/ampoule|0.56|A|
螺内酯片|Spironolactone tablets|20 mg|片/tablet|0.1140|A|
硝酸甘油注射液|Glyceryl trinitrate injection|5 mg|支/ampoule|3.40|A|
低分子肝素注射液|Low-molecular-weight heparin|4000 IU|支/syringe|19.80|B10|
二甲双胍片|Metformin tablets|0.5 g|片/tablet|0.1207|A|
阿卡波糖片|Acarbose tablets|50 mg|片/tablet|0.1794|A|
达格列净片|Dapagliflozin tablets|10 mg|片/tablet|1.4571|B10|
西格列汀片|Sitagliptin tablets|100 mg|片/tablet|1.2857|B10|
门冬胰岛素注射液|Insulin aspart injection|300 IU|支/pen|22.98|B10|
甘精胰岛素注射液|Insulin glargine injection|300 IU|支/pen|48.71|B10|
司美格鲁肽注射液|Semaglutide injection|1.5 ml|支/pen|385.00|B20|
头孢呋辛钠注射用|Cefuroxime for injection|0.75 g|支/vial|3.86|A|
头孢曲松钠注射用|Ceftriaxone for injection|1 g|支/vial|2.42|A|
头孢哌酮舒巴坦注射用|Cefoperazone and sulbactam for injection|1.5 g|支/vial|12.60|B10|
哌拉西林他唑巴坦注射用|Piperacillin and tazobactam for injection|4.5 g|支/vial|18.90|B10|
左氧氟沙星注射液|Levofloxacin injection|0.5 g|瓶/bottle|9.80|A|
阿奇霉素注射用|Azithromycin for injection|0.5 g|支/vial|5.10|A|
美罗培南注射用|Meropenem for injection|0.5 g|支/vial|21.40|B10|
万古霉素注射用|Vancomycin for injection|0.5 g|支/vial|62.00|B10|
氟康唑注射液|Fluconazole injection|0.2 g|瓶/bottle|8.60|B10|
泮托拉唑注射用|Pantoprazole for injection|40 mg|支/vial|3.90|B10|
奥美拉唑肠溶胶囊|Omeprazole enteric capsules|20 mg|粒/capsule|0.2964|A|
多潘立酮片|Domperidone tablets|10 mg|片/tablet|0.2167|A|
布洛芬缓释胶囊|Ibuprofen modified-release capsules|0.3 g|粒/capsule|0.3650|A|
对乙酰氨基酚片|Paracetamol tablets|0.5 g|片/tablet|0.0933|A|
曲马多注射液|Tramadol injection|100 mg|支/ampoule|3.20|B10|
地塞米松注射液|Dexamethasone injection|5 mg|支/ampoule|0.52|A|
甲泼尼龙注射用|Methylprednisolone for injection|40 mg|支/vial|12.80|B10|
布地奈德混悬液|Budesonide suspension|1 mg|支/vial|4.10|B10|
氨溴索注射液|Ambroxol injection|15 mg|支/ampoule|1.86|B10|
白蛋白注射液|Human albumin injection|10 g|瓶/bottle|389.00|B20|
复方氨基酸注射液|Compound amino acid injection|250 ml|瓶/bottle|14.20|B20|
"""

HERBAL_PIECES = """
黄芪|Astragalus root|饮片|克/gram|0.0820|A|
党参|Codonopsis root|饮片|克/gram|0.1350|A|
当归|Angelica root|饮片|克/gram|0.1420|A|
白术|Atractylodes rhizome|饮片|克/gram|0.1180|A|
茯苓|Poria|饮片|克/gram|0.0760|A|
甘草|Liquorice root|饮片|克/gram|0.0690|A|
川芎|Chuanxiong rhizome|饮片|克/gram|0.0880|A|
白芍|White peony root|饮片|克/gram|0.0830|A|
熟地黄|Prepared rehmannia root|饮片|克/gram|0.0710|A|
丹参|Red sage root|饮片|克/gram|0.0680|A|
黄连|Coptis rhizome|饮片|克/gram|0.4860|A|
黄芩|Scutellaria root|饮片|克/gram|0.0920|A|
金银花|Honeysuckle flower|饮片|克/gram|0.3150|A|
连翘|Forsythia fruit|饮片|克/gram|0.2260|A|
陈皮|Tangerine peel|饮片|克/gram|0.0540|A|
半夏|Pinellia rhizome|饮片|克/gram|0.2380|A|
麦冬|Ophiopogon root|饮片|克/gram|0.1960|A|
西洋参|American ginseng|饮片|克/gram|1.2500|C|
三七粉|Notoginseng powder|饮片|克/gram|0.6200|B10|
"""

PATENT_MEDICINE = """
复方丹参滴丸|Compound red sage pills|27 mg|丸/pill|0.1067|A|
速效救心丸|Quick-acting heart pills|40 mg|丸/pill|0.2380|A|
通心络胶囊|Tongxinluo capsules|0.26 g|粒/capsule|0.5967|B10|
血塞通软胶囊|Xuesaitong soft capsules|100 mg|粒/capsule|1.1250|B10|
银杏叶片|Ginkgo leaf tablets|19.2 mg|片/tablet|0.4583|B10|
六味地黄丸|Liuwei Dihuang pills|浓缩丸|丸/pill|0.0615|A|
藿香正气水|Huoxiang Zhengqi liquid|10 ml|支/vial|1.3500|A|
连花清瘟胶囊|Lianhua Qingwen capsules|0.35 g|粒/capsule|0.3070|A|
蓝芩口服液|Lanqin oral liquid|10 ml|支/vial|4.1000|B10|
肠炎宁片|Changyanning tablets|0.42 g|片/tablet|0.4900|B10|
参芪降糖颗粒|Shenqi Jiangtang granules|3 g|袋/sachet|2.6500|B10|
血府逐瘀胶囊|Xuefu Zhuyu capsules|0.4 g|粒/capsule|0.5400|A|
云南白药胶囊|Yunnan Baiyao capsules|0.25 g|粒/capsule|1.4200|B10|
喉咽清口服液|Houyanqing oral liquid|10 ml|支/vial|3.6000|B10|
"""
